// Claims about what code does: which calls a member reaches with its constants, whether it can fail, whether blocks are the same.
import { Node, SyntaxKind, type CallExpression } from 'ts-morph';
import { at, defineClaim, memberOf } from './define-claim.ts';

type Constants = ReadonlyMap<string, string>;

/** The clause a switch takes when its subject is a constant: from the clause on to its end. */
function chosenClause(node: Node, constants: Constants): readonly Node[] | undefined {
  if (!Node.isSwitchStatement(node)) return undefined;
  const value = constants.get(node.getExpression().getText());
  if (value === undefined) return undefined;
  const clauses = node.getClauses();
  const exact = clauses.find((clause) => Node.isCaseClause(clause) && clause.getExpression().getText() === value);
  const chosen = exact ?? clauses.find((clause) => Node.isDefaultClause(clause));
  return chosen === undefined ? [] : chosen.getStatements();
}

/** Calls that run when the constants hold; what stands behind a return that then always happens is left out. */
function reachedCalls(node: Node, constants: Constants, found: CallExpression[]): boolean {
  const clause = chosenClause(node, constants);
  if (clause !== undefined) return clause.some((statement) => reachedCalls(statement, constants, found));
  if (
    Node.isMethodDeclaration(node) ||
    Node.isFunctionDeclaration(node) ||
    Node.isFunctionExpression(node) ||
    Node.isArrowFunction(node)
  ) {
    const body = node.getBody();
    if (body !== undefined) reachedCalls(body, constants, found);
    return false;
  }
  if (Node.isReturnStatement(node)) {
    node.forEachChild((child) => void reachedCalls(child, constants, found));
    return true;
  }
  if (Node.isCallExpression(node)) found.push(node);
  if (Node.isBlock(node)) return node.getStatements().some((statement) => reachedCalls(statement, constants, found));
  const always =
    !Node.isIfStatement(node) && !Node.isSwitchStatement(node) && !Node.isTryStatement(node) && !Node.isIterationStatement(node);
  let ended = false;
  node.forEachChild((child) => {
    const ends = reachedCalls(child, constants, found);
    ended ||= always && ends;
  });
  return ended;
}

function ownMethod(call: CallExpression): Node | undefined {
  const expression = call.getExpression();
  if (!Node.isPropertyAccessExpression(expression) || !Node.isThisExpression(expression.getExpression())) return undefined;
  const declaration = expression.getNameNode().getSymbol()?.getValueDeclaration();
  return declaration !== undefined && Node.isMethodDeclaration(declaration) ? declaration : undefined;
}

function constantsFor(call: CallExpression, method: Node): Constants {
  const constants = new Map<string, string>();
  if (!Node.isMethodDeclaration(method)) return constants;
  for (const [nr, parameter] of method.getParameters().entries()) {
    const argument = call.getArguments()[nr];
    if (argument !== undefined && (Node.isStringLiteral(argument) || Node.isNumericLiteral(argument)))
      constants.set(parameter.getName(), argument.getText());
  }
  return constants;
}

/** Names of everything a member calls, through the methods of its own class, with constant arguments followed. */
function callsReached(member: Node): ReadonlySet<string> {
  const names = new Set<string>();
  const waiting: { node: Node; constants: Constants }[] = [{ node: member, constants: new Map() }];
  const seen = new Set<string>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const key = `${String(next.node.getPos())} ${[...next.constants].join()}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const calls: CallExpression[] = [];
    reachedCalls(next.node, next.constants, calls);
    for (const call of calls) {
      const expression = call.getExpression();
      names.add(Node.isPropertyAccessExpression(expression) ? expression.getName() : expression.getText());
      const method = ownMethod(call);
      if (method !== undefined) waiting.push({ node: method, constants: constantsFor(call, method) });
    }
  }
  return names;
}

/** A member ends in a call of this name, on the path its constants take. */
export const reaches = defineClaim<{ file: string; member: string; call: string }>({
  says: ({ member, call }) => `${member} calls ${call}, itself or through methods of its class`,
  check(workspace, { file, member, call }) {
    const node = memberOf(workspace, file, member);
    const names = callsReached(node);
    return { holds: names.has(call), found: `it reaches ${[...names].toSorted().join(', ')}`, at: at(workspace, node) };
  },
});

/** Everything a member calls, with constant arguments followed. */
export const callsOnly = defineClaim<{ file: string; member: string; calls: readonly string[] }>({
  says: ({ member, calls }) => `${member} calls only ${calls.join(', ')}`,
  check(workspace, { file, member, calls }) {
    const node = memberOf(workspace, file, member);
    const names = [...callsReached(node)].toSorted();
    const holds = names.length === calls.length && names.every((name) => calls.includes(name));
    return { holds, found: `it reaches ${names.join(', ')}`, at: at(workspace, node) };
  },
});

/** The statements from the one that starts with `from` up to the one that starts with `to` throw nothing themselves. */
export const cannotFail = defineClaim<{ file: string; member: string; from: string; to: string }>({
  says: ({ member, from, to }) => `in ${member}, nothing from "${from}" to "${to}" throws`,
  check(workspace, { file, member, from, to }) {
    const node = memberOf(workspace, file, member);
    const text = node.getText();
    const start = text.indexOf(from);
    const end = text.indexOf(to, start);
    if (start < 0 || end < 0) return { holds: false, found: `it holds no "${start < 0 ? from : to}"`, at: at(workspace, node) };
    const offset = node.getStart();
    const thrown = node
      .getDescendantsOfKind(SyntaxKind.ThrowStatement)
      .find((each) => each.getStart() >= offset + start && each.getStart() < offset + end);
    return thrown === undefined
      ? { holds: true, found: 'no throw stands there', at: at(workspace, node) }
      : { holds: false, found: `a throw stands at ${at(workspace, thrown)}`, at: at(workspace, thrown) };
  },
});

/** A value is built without anything that is made in the same block and used there afterwards: it can be handed in ready. */
export const readyMade = defineClaim<{ file: string; member: string; value: string; count: number }>({
  says: ({ member, value, count }) => `the ${String(count)} values ${value} of ${member} can be handed to a helper ready-made`,
  check(workspace, { file, member, value, count }) {
    const node = memberOf(workspace, file, member);
    const made = node.getDescendantsOfKind(SyntaxKind.VariableDeclaration).filter((each) => each.getName() === value);
    const tied = made.filter((each) => {
      const block = each.getFirstAncestor((parent) => Node.isBlock(parent) || Node.isCaseClause(parent));
      const names = new Set(
        each
          .getInitializer()
          ?.getDescendantsOfKind(SyntaxKind.Identifier)
          .map((id) => id.getText()),
      );
      const paired = block?.getDescendantsOfKind(SyntaxKind.ObjectBindingPattern).filter((pattern) => {
        const bound = pattern.getElements().map((element) => element.getName());
        return bound.some((name) => names.has(name)) && bound.some((name) => !names.has(name));
      });
      return (paired?.length ?? 0) > 0;
    });
    const found = `${String(made.length)} values, ${String(tied.length)} of them hold one half of a pair whose other half is used after them`;
    return { holds: made.length === count && tied.length === 0, found, at: at(workspace, node) };
  },
});

/** Every construction or call of this name in a member gets the same argument at a position, so a helper needs no parameter for it. */
export const sameArgument = defineClaim<{ file: string; member: string; callee: string; position: number }>({
  says: ({ member, callee, position }) => `all uses of ${callee} in ${member} pass the same argument ${String(position)}`,
  check(workspace, { file, member, callee, position }) {
    const node = memberOf(workspace, file, member);
    const uses = node.getDescendants().flatMap((each) => {
      if (!Node.isNewExpression(each) && !Node.isCallExpression(each)) return [];
      return each.getExpression().getText() === callee ? [each.getArguments()[position - 1]?.getText() ?? ''] : [];
    });
    const different = [...new Set(uses)];
    if (uses.length < 2) return { holds: false, found: `${String(uses.length)} uses`, at: at(workspace, node) };
    return {
      holds: different.length === 1 && different[0] !== '',
      found: `it passes ${different.join(' and ')}`,
      at: at(workspace, node),
    };
  },
});

/** The statements around a call of this name read the same in all members: same conditions before it, same handling after it. */
export const sameAround = defineClaim<{ file: string; members: readonly string[]; call: string }>({
  says: ({ members, call }) => `${members.join(', ')} guard and handle ${call} in the same way`,
  check(workspace, { file, members, call }) {
    const shapes = members.map((member) => {
      const node = memberOf(workspace, file, member);
      const found = node.getDescendantsOfKind(SyntaxKind.CallExpression).find((each) => {
        const expression = each.getExpression();
        return Node.isPropertyAccessExpression(expression) && expression.getName() === call;
      });
      const attempt = found?.getFirstAncestorByKind(SyntaxKind.TryStatement);
      const guards = found
        ?.getAncestors()
        .flatMap((each) =>
          Node.isCaseClause(each)
            ? [`case ${each.getExpression().getText()}`]
            : Node.isIfStatement(each)
              ? [`if ${each.getExpression().getText()}`]
              : [],
        );
      return {
        member,
        guards: guards?.join(' in ') ?? 'no such call',
        text:
          attempt
            ?.getText()
            .replaceAll(/'[^']*'/g, "''")
            .replaceAll(/\s+/g, ' ') ?? '',
      };
    });
    const [first, ...others] = shapes;
    const odd = others.filter((each) => each.guards !== first?.guards || each.text !== first.text || each.text === '');
    const described = shapes.map((each) => `${each.member}: ${each.guards === '' ? 'always' : each.guards}`).join('; ');
    return { holds: odd.length === 0, found: odd.length === 0 ? 'they read the same' : `they differ: ${described}`, at: file };
  },
});
