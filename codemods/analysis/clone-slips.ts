// Irregular cells of merged clones: a label or a field that breaks the rule its column follows is probably a copy-paste slip.
import { Node } from 'ts-morph';
import { type Difference, isLiteralPlace } from './anti-unify.ts';

/** A cell that breaks a rule. */
export interface Slip {
  readonly place: Node;
  readonly what: string;
}

interface Label {
  readonly node: Node;
  readonly text: string;
}

/** The texts that stand at one place of the clones. */
interface LabelColumn {
  readonly name: string;
  readonly labels: readonly (Label | undefined)[];
  /** The compiler checks these texts: they are the rule, not the slip. */
  readonly isChecked: boolean;
}

/** With fewer followers a rule is a coincidence. */
const LEAST_FOLLOWERS = 2;

function textColumns(differences: readonly Difference[]): readonly LabelColumn[] {
  return differences.flatMap((each): readonly LabelColumn[] => {
    if (each.kind !== 'literal') return [];
    const holes = each.chunks.flat().filter((part) => typeof part !== 'string');
    return holes.map((texts) => ({
      name: each.cells[0]?.getText() ?? '',
      isChecked: false,
      labels: each.cells.map((node, at) => ({ node, text: texts[at] ?? '' })),
    }));
  });
}

/** Texts of a closed set that stand under the same property name in what fills the holes. */
function checkedColumns(differences: readonly Difference[], count: number): readonly LabelColumn[] {
  return differences.flatMap((each): readonly LabelColumn[] => {
    if (each.kind === 'literal' || each.kind === 'type') return [];
    const byName = new Map<string, (Label | undefined)[]>();
    for (const [clone, cell] of each.cells.entries()) {
      for (const { name, label } of [cell].flat().flatMap(checkedLabels)) {
        const labels = byName.get(name) ?? Array.from({ length: count }, () => undefined);
        labels[clone] ??= label;
        byName.set(name, labels);
      }
    }
    return [...byName].map(([name, labels]) => ({ name, labels, isChecked: true }));
  });
}

function checkedLabels(node: Node): readonly { readonly name: string; readonly label: Label }[] {
  return [node, ...node.getDescendants()].flatMap((each) => {
    const parent = each.getParent();
    if (!Node.isStringLiteral(each) || !isLiteralPlace(each)) return [];
    const name = Node.isPropertyAssignment(parent) ? parent.getName() : '';
    return [{ name, label: { node: each, text: each.getLiteralText() } }];
  });
}

function hasDuplicates(column: LabelColumn): boolean {
  const texts = column.labels.map((label) => label?.text);
  return new Set(texts).size < texts.length;
}

/** The labels of a column that differ from those of the rule, when most are the same. */
function breaking(column: LabelColumn, rule: LabelColumn): readonly Slip[] {
  const cells = column.labels.map((label, clone) => ({ label, expected: rule.labels[clone] }));
  const followers = cells.filter(({ label, expected }) => label !== undefined && label.text === expected?.text).length;
  if (followers < LEAST_FOLLOWERS || followers * 2 <= cells.length) return [];
  return cells.flatMap(({ label, expected }) => {
    if (label === undefined || expected === undefined || label.text === expected.text) return [];
    const where = rule.name === '' ? 'the text' : `\`${rule.name}\``;
    const what = `${label.node.getText()} says "${label.text}" where ${String(followers)} of ${String(cells.length)} clones repeat ${where}, here "${expected.text}". Kept as it is.`;
    return [{ place: label.node, what }];
  });
}

function labelSlips(differences: readonly Difference[], count: number): readonly Slip[] {
  const columns = textColumns(differences);
  const checked = checkedColumns(differences, count).filter((rule) => !hasDuplicates(rule));
  const texts = columns.filter((rule) => !hasDuplicates(rule));
  return columns.flatMap((column) => {
    const byCheck = checked.flatMap((rule) => breaking(column, rule));
    return byCheck.length > 0 || !hasDuplicates(column) ? byCheck : texts.flatMap((rule) => breaking(column, rule));
  });
}

function namesOf(cell: readonly Node[]): readonly string[] {
  return cell.flatMap((node) =>
    Node.isPropertyAssignment(node) || Node.isShorthandPropertyAssignment(node) ? [node.getName()] : [],
  );
}

/** A clone without a field that several others have in common. */
function fieldSlips(differences: readonly Difference[]): readonly Slip[] {
  return differences.flatMap((each): readonly Slip[] => {
    if (each.kind !== 'properties') return [];
    const sets = each.cells.map((cell) => namesOf(cell));
    const keys = sets.map((names) => names.toSorted().join(','));
    const alike = (key: string): number => keys.filter((other) => other === key).length;
    return sets.flatMap((names, clone) => {
      const fuller = sets.find(
        (other, at) =>
          other.length > names.length &&
          names.every((name) => other.includes(name)) &&
          isMajority(alike(keys[at] ?? ''), alike(keys[clone] ?? '')),
      );
      const literal = each.literals[clone];
      if (fuller === undefined || literal === undefined) return [];
      const missing = fuller.filter((name) => !names.includes(name)).join(', ');
      return [
        {
          place: literal,
          what: `the field ${missing} is missing, ${String(alike(fuller.toSorted().join(',')))} other clones have it. Kept as it is.`,
        },
      ];
    });
  });
}

function isMajority(theirs: number, own: number): boolean {
  return theirs >= LEAST_FOLLOWERS && theirs > own;
}

/** The cells that break a rule, each place once. */
export function slipsIn(differences: readonly Difference[], count: number): readonly Slip[] {
  const found = new Map<Node, Slip>();
  for (const slip of [...labelSlips(differences, count), ...fieldSlips(differences)]) {
    if (!found.has(slip.place)) found.set(slip.place, slip);
  }
  return [...found.values()];
}
