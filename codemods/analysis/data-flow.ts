// Data flow of a piece of a function: what goes in, what comes out, and what closures and loops make unsafe to copy.
import { Node, type Symbol as TsSymbol, VariableDeclarationKind } from 'ts-morph';
import type { CodeFunction } from './code-selector.ts';
import { assignmentOf } from './definite-assignment.ts';
import { isModuleLevel, isWithin, type NameUse, nameUses } from './name-uses.ts';

/** A local variable or parameter of the function around the piece. */
export interface Local {
  readonly name: string;
  readonly symbol: TsSymbol;
  readonly declaration: Node;
  /** Its uses in the piece, in order. */
  readonly uses: readonly NameUse[];
}

/** A variable whose value after the piece matters. */
export interface Output extends Local {
  /** Declared in the piece (then the call declares it), or before it (then the call assigns it). */
  readonly declaredInside: boolean;
  /** Whether anything outside of the piece assigns it. */
  readonly assignedOutside: boolean;
  /** Its first read outside of the piece. */
  readonly firstRead: Node;
}

export interface DataFlow {
  readonly inputs: readonly Local[];
  readonly outputs: readonly Output[];
  /** Declared before, assigned here before it is read, and not needed afterwards: the new function declares it itself. */
  readonly scratch: readonly Local[];
  /** Declared here and not needed afterwards. */
  readonly inner: readonly Local[];
  /** Types declared inside a function, used here: they cannot be named elsewhere. */
  readonly localTypes: readonly NameUse[];
  readonly typeParameters: readonly Node[];
  /** Uses of names the module declares or imports. */
  readonly moduleUses: readonly NameUse[];
}

/** Why a variable cannot be copied into a parameter or out as a result. */
export interface CopyHazard {
  readonly node: Node;
  /** What was found, and what to do. */
  readonly why: string;
}

function bySymbol(uses: readonly NameUse[]): ReadonlyMap<TsSymbol, readonly NameUse[]> {
  const groups = new Map<TsSymbol, NameUse[]>();
  for (const use of uses) {
    const known = groups.get(use.symbol);
    if (known === undefined) groups.set(use.symbol, [use]);
    else known.push(use);
  }
  return groups;
}

function isLocalVariable(declaration: Node): boolean {
  return (
    Node.isVariableDeclaration(declaration) ||
    Node.isParameterDeclaration(declaration) ||
    Node.isBindingElement(declaration) ||
    Node.isFunctionDeclaration(declaration) ||
    Node.isClassDeclaration(declaration)
  );
}

/** The outermost loop or closure around the piece in which the declaration does not stand: it runs again with the value that was left. */
function repeatingLoop(piece: Node, declaration: Node): Node | undefined {
  return piece.getAncestors().findLast((each) => {
    // The variables of a `for (let …;;)` live through all its turns; what the other loops declare is new in every turn.
    if (Node.isForStatement(each)) return !isWithin(declaration, [each.getStatement()]);
    const repeats = Node.isIterationStatement(each) || (Node.isFunctionLikeDeclaration(each) && each !== declaration.getParent());
    return repeats && !isWithin(declaration, [each]);
  });
}

/** A `var` of a range inside a loop that is read before it is assigned: it still has the value of the turn before. */
function keptVar(local: Local, piece: readonly Node[]): boolean {
  const list = local.declaration.getParent();
  const isVar = Node.isVariableDeclarationList(list) && list.getDeclarationKind() === VariableDeclarationKind.Var;
  if (!isVar || !isWithin(local.declaration, piece)) return false;
  const inLoop = piece[0]?.getAncestors().some((each) => Node.isIterationStatement(each)) ?? false;
  return inLoop && assignmentOf(piece, local.symbol).exposed;
}

function isReadLater(use: NameUse, piece: readonly Node[], declaration: Node): boolean {
  if (!use.reads || isWithin(use.identifier, piece)) return false;
  const last = piece.at(-1);
  if (last === undefined || use.identifier.getPos() >= last.getEnd()) return true;
  const loop = repeatingLoop(last, declaration);
  if (loop !== undefined && isWithin(use.identifier, [loop])) return true;
  return closureAround(use.identifier, declaration) !== undefined;
}

/** The function between a use and the declaration it means: the use happens whenever that function runs. */
export function closureAround(use: Node, declaration: Node): Node | undefined {
  return use
    .getAncestors()
    .find((each) => Node.isFunctionLikeDeclaration(each) && each !== declaration.getParent() && !isWithin(declaration, [each]));
}

/** Reads and writes of the piece, in the function (and the functions around it). */
export function dataFlowOf(owner: CodeFunction, piece: readonly Node[]): DataFlow {
  const scope = outermostFunction(owner);
  const all = bySymbol(nameUses([scope]));
  const inputs: Local[] = [];
  const outputs: Output[] = [];
  const scratch: Local[] = [];
  const inner: Local[] = [];
  const uses = nameUses(piece);
  for (const [symbol, inside] of bySymbol(uses)) {
    const declaration = inside[0]?.declaration;
    if (declaration === undefined || isModuleLevel(declaration) || !isLocalVariable(declaration)) continue;
    const declaredInside = isWithin(declaration, piece);
    if (!declaredInside && !isWithin(declaration, [scope])) continue;
    const local: Local = { name: symbol.getName(), symbol, declaration, uses: inside };
    const outside = (all.get(symbol) ?? []).filter((use) => !isWithin(use.identifier, piece));
    const assigned = assignmentOf(piece, symbol);
    const again = assigned.exposed && piece[0] !== undefined && repeatingLoop(piece[0], declaration) !== undefined;
    const firstRead =
      outside.find((use) => isReadLater(use, piece, declaration)) ?? (again ? inside.find((use) => use.reads) : undefined);
    const written = declaredInside || inside.some((use) => use.writes);
    const isOutput = written && firstRead !== undefined;
    const isInput =
      !declaredInside && inside.some((use) => !use.typeOnly) && (assigned.exposed || (isOutput && !assigned.definitely));
    if (isInput) inputs.push(local);
    else if (!declaredInside && !isOutput) scratch.push(local);
    else if (!isOutput) inner.push(local);
    if (isOutput) {
      const assignedOutside = outside.some((use) => use.writes);
      outputs.push({ ...local, declaredInside, assignedOutside, firstRead: firstRead.identifier });
    }
  }
  return { inputs, outputs, scratch, inner, ...typesAndModule(uses, piece) };
}

function typesAndModule(
  uses: readonly NameUse[],
  piece: readonly Node[],
): Pick<DataFlow, 'localTypes' | 'typeParameters' | 'moduleUses'> {
  const outside = uses.filter((use) => !isWithin(use.declaration, piece));
  return {
    localTypes: outside.filter(
      ({ declaration }) =>
        !isModuleLevel(declaration) &&
        (Node.isInterfaceDeclaration(declaration) ||
          Node.isTypeAliasDeclaration(declaration) ||
          Node.isEnumDeclaration(declaration)),
    ),
    typeParameters: [...new Set(outside.map((use) => use.declaration).filter((each) => Node.isTypeParameterDeclaration(each)))],
    moduleUses: outside.filter(({ declaration }) => isModuleLevel(declaration)),
  };
}

/** The function at the top of the nest: closures of a function share its variables. */
function outermostFunction(owner: Node): Node {
  return owner.getAncestors().findLast((each) => Node.isFunctionLikeDeclaration(each)) ?? owner;
}

/** Variables that are shared with a closure and change: a copy of them would go stale. */
export function copyHazards(owner: CodeFunction, piece: readonly Node[], flow: DataFlow): readonly CopyHazard[] {
  const all = bySymbol(nameUses([outermostFunction(owner)]));
  const hazards: CopyHazard[] = [...flow.inputs, ...flow.outputs, ...flow.inner].flatMap(
    (local) => declarationHazard(local, piece) ?? [],
  );
  for (const local of [...flow.inputs, ...flow.outputs]) {
    const uses = all.get(local.symbol) ?? [];
    const hazard = copyHazard(local, uses, piece);
    if (hazard !== undefined) hazards.push(hazard);
  }
  for (const output of flow.outputs) {
    const read = readByHandler(output, all.get(output.symbol) ?? [], piece);
    if (read === undefined) continue;
    const line = String(read.getStartLineNumber());
    hazards.push({
      node: read,
      why: `${output.name} is assigned here and read by a catch or finally on line ${line}, which also runs when the range throws half-way. Take the whole try into the range, or leave the assignment with the caller.`,
    });
  }
  return hazards;
}

/** A read in the `catch` or `finally` around the piece: a result is not assigned when the new function throws. */
function readByHandler(output: Output, uses: readonly NameUse[], piece: readonly Node[]): Node | undefined {
  if (output.declaredInside) return undefined;
  for (const around of piece[0]?.getAncestors() ?? []) {
    if (!Node.isTryStatement(around) || isWithin(output.declaration, [around])) continue;
    const handlers = [around.getCatchClause(), around.getFinallyBlock()].filter(
      (each) => each !== undefined && !piece.some((node) => isWithin(node, [each])),
    );
    const found = uses.find(
      (use) => use.reads && handlers.some((handler) => handler !== undefined && isWithin(use.identifier, [handler])),
    );
    if (found !== undefined) return found.identifier;
  }
  return undefined;
}

/** A `var` belongs to the whole function, wherever it is declared. */
function declarationHazard(local: Local, piece: readonly Node[]): CopyHazard | undefined {
  const { declaration, name } = local;
  if (keptVar(local, piece)) {
    const why = `the var ${name} keeps its value from one turn of the loop to the next. Declare it with let before the loop, first.`;
    return { node: declaration, why };
  }
  const declarations = local.symbol.getDeclarations();
  const inside = declarations.filter((each) => isWithin(each, piece)).length;
  if (inside === 0 || inside === declarations.length) return undefined;
  const why = `${name} is declared inside and outside of the range. Give one of them another name, first.`;
  return { node: declaration, why };
}

function copyHazard(local: Local, uses: readonly NameUse[], piece: readonly Node[]): CopyHazard | undefined {
  const { declaration, name } = local;
  const inClosure = (use: NameUse): boolean =>
    closureAround(use.identifier, declaration) !== undefined && !ownerWithin(use, declaration, piece);
  const assigned = uses.filter((use) => use.writes && use.identifier.getParent() !== declaration);
  const first = piece[0];
  const standsInClosure = first !== undefined && closureAround(first, declaration) !== undefined;
  const leaves =
    standsInClosure && assigned.length > 0
      ? piece.flatMap((node) => [node, ...node.getDescendants()]).find(mayComeBack)
      : undefined;
  if (leaves !== undefined) {
    return {
      node: leaves,
      why: `${name} belongs to a function further out and is assigned, and \`${leaves.getText().slice(0, LONGEST_QUOTE)}\` may run code that assigns it meanwhile. Leave the uses of ${name} with the caller.`,
    };
  }
  const closureWrite = assigned.find(inClosure);
  if (closureWrite !== undefined)
    return {
      node: closureWrite.identifier,
      why: `${name} is assigned inside a closure, which would not see or reach a copy. Take the closure and all its uses into the range, or leave this out.`,
    };
  const insideClosure = uses.find((use) => isWithin(use.identifier, piece) && inClosure(use));
  const later = assigned.find(
    ({ identifier }) => isAfterOrAgain(identifier, piece, declaration) && !stepsTheLoop(identifier, declaration),
  );
  if (insideClosure !== undefined && later !== undefined) {
    return {
      node: insideClosure.identifier,
      why: `a closure made here captures ${name}, which is assigned again on line ${String(later.identifier.getStartLineNumber())}. End the range before the closure.`,
    };
  }
  const outsideClosure = uses.find((use) => !isWithin(use.identifier, piece) && inClosure(use));
  const here = assigned.find((use) => isWithin(use.identifier, piece));
  if (outsideClosure !== undefined && here !== undefined && !isWithin(declaration, piece)) {
    return {
      node: here.identifier,
      why: `${name} is assigned here and captured by a closure on line ${String(outsideClosure.identifier.getStartLineNumber())}. Leave the assignment with the caller.`,
    };
  }
  return undefined;
}

/** `i++` of `for (let i …; …; i++)` assigns the variable of the next turn, not the one a closure has captured. */
function stepsTheLoop(use: Node, declaration: Node): boolean {
  const list = declaration.getParent();
  const loop = list?.getParent();
  if (!Node.isForStatement(loop) || !Node.isVariableDeclarationList(list)) return false;
  const step = loop.getIncrementor();
  return step !== undefined && list.getDeclarationKind() === VariableDeclarationKind.Let && isWithin(use, [step]);
}

/** Characters of code a reason quotes. */
const LONGEST_QUOTE = 60;

/** Code of others may run before the piece has ended. */
function mayComeBack(node: Node): boolean {
  return (
    Node.isCallExpression(node) ||
    Node.isNewExpression(node) ||
    Node.isAwaitExpression(node) ||
    Node.isTaggedTemplateExpression(node)
  );
}

/** The piece itself stands in that closure: what looks like a captured use is a plain one. */
function ownerWithin(use: NameUse, declaration: Node, piece: readonly Node[]): boolean {
  const closure = closureAround(use.identifier, declaration);
  const first = piece[0];
  return closure !== undefined && first !== undefined && isWithin(first, [closure]);
}

/** Whether the use may run when the piece has ended: behind it, or (also in the piece itself) in the next turn of a loop. */
function isAfterOrAgain(use: Node, piece: readonly Node[], declaration: Node): boolean {
  const last = piece.at(-1);
  if (last === undefined || use.getPos() >= last.getEnd()) return true;
  const loop = repeatingLoop(last, declaration);
  return loop !== undefined && isWithin(use, [loop]);
}
