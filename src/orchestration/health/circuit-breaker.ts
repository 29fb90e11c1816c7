// Stops asking a component that keeps failing, and tries again after a while (spec 9.3): pure transitions, small wrapper.
import { TaskerError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports.ts';

/** Names of the states with their codes in metrics. */
export const circuitStateCodes = { closed: 0, open: 1, half_open: 2 } as const;

export interface CircuitPolicy {
  /** Consecutive failures that open the circuit. */
  readonly failureThreshold: number;
  /** How long an open circuit refuses calls. */
  readonly timeoutMs: number;
  /** Successes that close a half-open circuit. */
  readonly successThreshold: number;
}

export const defaultCircuitPolicy: CircuitPolicy = { failureThreshold: 5, timeoutMs: 30_000, successThreshold: 2 };

export type Circuit =
  | { readonly kind: 'closed'; readonly consecutiveFailures: number }
  | { readonly kind: 'open'; readonly openedAtMs: number; readonly consecutiveFailures: number }
  /** Let through and not answered yet, and answered well; together at most the success threshold. */
  | { readonly kind: 'half_open'; readonly calls: number; readonly successes: number; readonly consecutiveFailures: number };

export const closedCircuit: Circuit = { kind: 'closed', consecutiveFailures: 0 };

export interface CircuitContext {
  readonly policy: CircuitPolicy;
  readonly nowMs: number;
}

/** Whether a call may go through now, and the circuit after it was let through. */
export function admitCall(
  circuit: Circuit,
  { policy, nowMs }: CircuitContext,
): { readonly isAllowed: boolean; readonly circuit: Circuit } {
  switch (circuit.kind) {
    case 'closed':
      return { isAllowed: true, circuit };
    case 'open': {
      if (nowMs - circuit.openedAtMs < policy.timeoutMs) return { isAllowed: false, circuit };
      const { consecutiveFailures } = circuit;
      return { isAllowed: true, circuit: { kind: 'half_open', calls: 1, successes: 0, consecutiveFailures } };
    }
    case 'half_open':
      if (circuit.calls + circuit.successes >= policy.successThreshold) return { isAllowed: false, circuit };
      return { isAllowed: true, circuit: { ...circuit, calls: circuit.calls + 1 } };
  }
}

/** An open circuit stays open after the late success of an older call. */
export function afterSuccess(circuit: Circuit, { policy }: CircuitContext): Circuit {
  switch (circuit.kind) {
    case 'closed':
      return closedCircuit;
    case 'open':
      return circuit;
    case 'half_open': {
      const successes = circuit.successes + 1;
      if (successes >= policy.successThreshold) return closedCircuit;
      return { ...circuit, calls: Math.max(circuit.calls - 1, 0), successes };
    }
  }
}

export function afterFailure(circuit: Circuit, { policy, nowMs }: CircuitContext): Circuit {
  const consecutiveFailures = circuit.consecutiveFailures + 1;
  switch (circuit.kind) {
    case 'closed':
      if (consecutiveFailures < policy.failureThreshold) return { kind: 'closed', consecutiveFailures };
      return { kind: 'open', openedAtMs: nowMs, consecutiveFailures };
    case 'open':
      return { ...circuit, consecutiveFailures };
    case 'half_open':
      return { kind: 'open', openedAtMs: nowMs, consecutiveFailures };
  }
}

export interface CircuitBreakerMetrics {
  readonly totalCalls: number;
  readonly successCount: number;
  readonly failureCount: number;
  readonly consecutiveFailures: number;
  readonly halfOpenCalls: number;
  /** 0 to 1. */
  readonly failureRate: number;
  /** 0 to 1. */
  readonly successRate: number;
  /** Total duration over successes. */
  readonly averageDurationMs: number;
}

export interface CircuitBreakerOptions {
  readonly component: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly policy?: CircuitPolicy;
}

/** Below this number of calls a failure rate means nothing. */
const FEW_CALLS = 10;

export class CircuitBreaker {
  readonly component: string;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #policy: CircuitPolicy;
  #circuit: Circuit = closedCircuit;
  #totalCalls = 0;
  #successCount = 0;
  #failureCount = 0;
  #totalDurationMs = 0;

  constructor({ component, clock, policy = defaultCircuitPolicy }: CircuitBreakerOptions) {
    this.component = component;
    this.#clock = clock;
    this.#policy = policy;
  }

  get state(): Circuit['kind'] {
    return this.#circuit.kind;
  }

  get isHealthy(): boolean {
    return this.state === 'closed' && (this.#totalCalls < FEW_CALLS || this.metrics().failureRate < 0.1);
  }

  /** Runs `call`, or throws CIRCUIT_OPEN without running it. What `call` throws counts as a failure and is thrown on. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    const admitted = admitCall(this.#circuit, this.#context());
    this.#circuit = admitted.circuit;
    if (!admitted.isAllowed) throw circuitOpen(this.component);
    return this.observe(call);
  }

  /**
   * Runs `call` whatever the state of the circuit, and counts how it ended: for calls whose refusal would cost more than their
   * failure. What `call` throws is thrown on; it counts as a failure of the component unless `isFailure` says otherwise.
   */
  async observe<T>(call: () => Promise<T>, isFailure: (thrown: unknown) => boolean = () => true): Promise<T> {
    const startedAtMs = this.#clock.now();
    this.#totalCalls += 1;
    try {
      const result = await call();
      this.#succeeded();
      return result;
    } catch (thrown) {
      if (isFailure(thrown)) this.#failed();
      else this.#succeeded();
      throw thrown;
    } finally {
      this.#totalDurationMs += this.#clock.now() - startedAtMs;
    }
  }

  forceOpen(): void {
    this.#circuit = { kind: 'open', openedAtMs: this.#clock.now(), consecutiveFailures: this.#circuit.consecutiveFailures };
  }

  forceClosed(): void {
    this.#circuit = closedCircuit;
  }

  metrics(): CircuitBreakerMetrics {
    const answered = this.#successCount + this.#failureCount;
    return {
      totalCalls: this.#totalCalls,
      successCount: this.#successCount,
      failureCount: this.#failureCount,
      consecutiveFailures: this.#circuit.consecutiveFailures,
      halfOpenCalls: this.#circuit.kind === 'half_open' ? this.#circuit.calls : 0,
      failureRate: answered === 0 ? 0 : this.#failureCount / answered,
      successRate: answered === 0 ? 0 : this.#successCount / answered,
      averageDurationMs: this.#successCount === 0 ? 0 : this.#totalDurationMs / this.#successCount,
    };
  }

  #succeeded(): void {
    this.#successCount += 1;
    this.#circuit = afterSuccess(this.#circuit, this.#context());
  }

  #failed(): void {
    this.#failureCount += 1;
    this.#circuit = afterFailure(this.#circuit, this.#context());
  }

  #context(): CircuitContext {
    return { policy: this.#policy, nowMs: this.#clock.now() };
  }
}

/** The code of a refused call. */
export const CIRCUIT_OPEN = 'CIRCUIT_OPEN';

function circuitOpen(component: string): TaskerError {
  return new TaskerError(CIRCUIT_OPEN, `Circuit breaker is open for ${component}: it failed too often; try again later.`, {
    kind: 'infrastructure',
    details: { component },
  });
}
