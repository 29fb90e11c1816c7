// Constructs a class of the subject, or says why it cannot be.
import { reasonOf } from '../kernel/refit-error.ts';
import { proofError } from './proof-errors.ts';
import type { Subject } from './subject-loader.ts';

/** Where a class is exported. */
export interface ExportedClass {
  readonly module: string;
  readonly name: string;
}

/** An instance of an exported class; its type is the caller's word. A constructor that throws is an error of the scenario, not an outcome. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the type, as with JSON.parse's result
export function constructSubject<T>(subject: Subject, { module, name }: ExportedClass, args: readonly unknown[]): T {
  const exported = subject.load(module)[name];
  if (typeof exported !== 'function') {
    const known = Object.keys(subject.load(module)).join(', ') || 'nothing';
    throw proofError('PROOF_SUBJECT_NOT_CONSTRUCTED', `${module} exports no class ${name}; it exports ${known}.`);
  }
  try {
    // What the constructor makes is what the caller says it is.
    return Reflect.construct(exported, args) as T;
  } catch (error) {
    throw proofError(
      'PROOF_SUBJECT_NOT_CONSTRUCTED',
      `${name} of ${module} cannot be constructed: ${reasonOf(error)} Give its constructor the stand-ins it asks for.`,
      error,
    );
  }
}
