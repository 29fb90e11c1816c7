// The text of one effect, made at the moment it happens.
import type { Normaliser } from './normalisers.ts';
import { renderValue } from './render-value.ts';
import type { Answered, Effect, RenderedEffect } from './trace.ts';

export function renderEffect(effect: Effect, normalisers: readonly Normaliser[]): RenderedEffect {
  const { flow, target, operation, args, answer } = effect;
  const text = (value: unknown): string => renderValue(value, normalisers);
  return { flow, target, operation, args: args.map(text), answer: answerText(answer, text) };
}

function answerText(answer: Answered | undefined, text: (value: unknown) => string): string {
  if (answer === undefined) return '';
  return `${answer.kind} ${text('value' in answer ? answer.value : answer.error)}`;
}
