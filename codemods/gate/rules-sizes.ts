// Ceilings: lines of files and functions, members that are dead; and exemptions that release nothing.
import { isUnder, matcherOf } from '../kernel/glob.ts';
import type { CoverageReportConfig, LineCeiling } from './config.ts';
import { defaultCeilingLines } from './config.ts';
import type { SourceFacts } from './facts.ts';
import { exemptionFor } from './facts.ts';
import type { Failure } from './failure.ts';
import type { ReportEvidence } from './rules-evidence.ts';

const split = 'Split it, or exempt it with a reason.';

function ceilingOf(file: string, config: CoverageReportConfig): LineCeiling {
  const innermost = config.ceilings
    .filter((ceiling) => isUnder(file, ceiling.under))
    .toSorted((left, right) => right.under.length - left.under.length)[0];
  return innermost ?? { under: '.', lines: defaultCeilingLines };
}

function sizesOf({ file, lines, codeLines, functions }: SourceFacts, ceiling: LineCeiling): readonly Failure[] {
  const code = 'GATE_FILE_TOO_LONG';
  const failures: Failure[] = [];
  if (lines > ceiling.lines) {
    const message = `${file} has ${lines} lines, at most ${ceiling.lines} are allowed. ${split}`;
    failures.push({ code, file, message, measured: lines, required: ceiling.lines });
  }
  if (codeLines > (ceiling.code ?? codeLines)) {
    const most = ceiling.code ?? codeLines;
    const message = `${file} has ${codeLines} lines without blanks and comments, at most ${most} are allowed. ${split}`;
    failures.push({ code, file, message, measured: codeLines, required: most });
  }
  const most = ceiling.functionLines ?? Number.MAX_SAFE_INTEGER;
  for (const each of functions.filter((one) => one.lines > most)) {
    const message = `${file}:${each.line} ${each.name} has ${each.lines} lines, at most ${most} are allowed in a function. ${split}`;
    failures.push({ code: 'GATE_FUNCTION_TOO_LONG', file, line: each.line, message, measured: each.lines, required: most });
  }
  return failures;
}

function tooLong({ config, sources }: ReportEvidence): readonly Failure[] {
  return sources
    .filter(({ file }) => exemptionFor(file, 'ceiling', config.exemptions) === undefined)
    .flatMap((source) => sizesOf(source, ceilingOf(source.file, config)));
}

function unusedExemptions({ config, sources }: ReportEvidence): readonly Failure[] {
  return config.exemptions.flatMap((exemption): readonly Failure[] => {
    const matches = matcherOf([exemption.files]);
    const releases = (source: SourceFacts): boolean =>
      exemption.from === 'coverage' || sizesOf(source, ceilingOf(source.file, config)).length > 0;
    if (sources.some((source) => matches(source.file) && releases(source))) return [];
    const message = `The exemption of ${exemption.files} from ${exemption.from} releases no file. Remove it.`;
    return [{ code: 'GATE_EXEMPTION_UNUSED', file: exemption.files, message }];
  });
}

/** A member that nothing but tests reaches, or nothing at all. */
export interface DeadMember {
  readonly symbol: string;
  readonly file: string;
  readonly line: number;
  readonly class: string;
}

function deadCode({ config }: ReportEvidence, dead: readonly DeadMember[]): readonly Failure[] {
  const most = config.dead?.most ?? dead.length;
  if (dead.length <= most) return [];
  const [first] = dead;
  const names = dead.slice(0, 3).map((each) => `${each.symbol} (${each.file}:${each.line}, ${each.class})`);
  return [
    {
      code: 'GATE_DEAD_CODE',
      message: `${dead.length} members are dead, at most ${most} are allowed; tests of dead code prove nothing. Remove ${names.join(', ')}.`,
      measured: dead.length,
      required: most,
      ...(first !== undefined && { file: first.file, line: first.line }),
    },
  ];
}

export function sizeRules(evidence: ReportEvidence, dead: readonly DeadMember[]): readonly Failure[] {
  return [...tooLong(evidence), ...deadCode(evidence, dead), ...unusedExemptions(evidence)];
}
