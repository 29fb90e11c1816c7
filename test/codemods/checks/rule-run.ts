// Runs one house rule over small sources given by path, and shows its findings as `path:line`.
import type { Finding, HouseRule } from '../../../codemods/checks/house-file.ts';
import { houseFile } from '../../../codemods/checks/house-file.ts';

export type Sources = Readonly<Record<string, string>>;

export function findingsFor(rule: HouseRule, sources: Sources): readonly Finding[] {
  return rule(Object.entries(sources).map(([path, text]) => houseFile(path, text)));
}

export function placesOf(rule: HouseRule, sources: Sources): readonly string[] {
  return findingsFor(rule, sources).map(({ path, line }) => `${path}:${line}`);
}

/** The messages of a rule over one file. */
export function messagesOf(rule: HouseRule, path: string, text: string): readonly string[] {
  return findingsFor(rule, { [path]: text }).map((finding) => finding.message);
}
