// Waivers: failures put up with until a day, each with its reason; one that is over or of no use fails itself.
import { matcherOf } from '../kernel/glob.ts';
import type { Waiver } from './config.ts';
import type { Failure } from './failure.ts';
import { isBlocking } from './failure.ts';

export interface Waived {
  readonly failure: Failure;
  readonly waiver: Waiver;
}

export interface AfterWaivers {
  readonly failures: readonly Failure[];
  readonly waived: readonly Waived[];
}

function fits(waiver: Waiver, failure: Failure): boolean {
  return waiver.rule === failure.code && matcherOf([waiver.files])(failure.file ?? '.') && !isBlocking(failure);
}

/** Takes out what is waived on the day `today` (`YYYY-MM-DD`), and adds what is wrong with the waivers. */
export function applyWaivers(failures: readonly Failure[], waivers: readonly Waiver[], today: string): AfterWaivers {
  const valid = waivers.filter((waiver) => waiver.until >= today);
  const waived = failures.flatMap((failure): readonly Waived[] => {
    const waiver = valid.find((each) => fits(each, failure));
    return waiver === undefined ? [] : [{ failure, waiver }];
  });
  const left = failures.filter((failure) => !waived.some((each) => each.failure === failure));
  const over = waivers.flatMap((waiver): readonly Failure[] => {
    if (waiver.until >= today) return [];
    const message = `The waiver of ${waiver.rule} for ${waiver.files} ended on ${waiver.until} (${waiver.reason}). Correct what it waived, and remove it.`;
    return [{ code: 'GATE_WAIVER_EXPIRED', file: waiver.files, message }];
  });
  const idle = valid.flatMap((waiver): readonly Failure[] => {
    if (failures.some((failure) => fits(waiver, failure))) return [];
    const message = `The waiver of ${waiver.rule} for ${waiver.files} waives nothing. Remove it.`;
    return [{ code: 'GATE_WAIVER_UNUSED', file: waiver.files, message }];
  });
  return { failures: [...left, ...over, ...idle], waived };
}
