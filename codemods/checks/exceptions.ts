// Takes the listed exceptions out of the findings, and reports those that no longer except anything.
import type { Finding } from './house-file.ts';

export interface Exception {
  readonly rule: string;
  readonly path: string;
  /** Part of the message, to except one finding and not the next of the same rule. */
  readonly about?: string;
  readonly reason: string;
}

function covers(exception: Exception, finding: Finding): boolean {
  const same = exception.rule === finding.rule && exception.path === finding.path;
  return same && finding.message.includes(exception.about ?? '');
}

/** What is left to correct: findings that nothing excepts, exceptions without a reason or without a use. */
export function applyExceptions(findings: readonly Finding[], exceptions: readonly Exception[]): readonly Finding[] {
  const open = findings.filter((finding) => !exceptions.some((exception) => covers(exception, finding)));
  const idle = exceptions.filter((exception) => !findings.some((finding) => covers(exception, finding)));
  const bare = exceptions.filter((exception) => exception.reason.trim() === '');
  const complain =
    (message: string) =>
    (exception: Exception): Finding => ({
      rule: 'exceptions',
      path: exception.path,
      line: 1,
      message: `The exception from ${exception.rule} ${message}`,
    });
  return [
    ...open,
    ...idle.map(complain('excepts nothing any more. Remove it.')),
    ...bare.map(complain('has no reason. Write it down.')),
  ];
}
