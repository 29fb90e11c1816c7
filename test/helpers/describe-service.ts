// The stress every long-lived service must stand: stop before start, stop twice, start again, starts and stops in a race.
import { describe, expect, it } from 'vitest';
import type { Service } from '../../src/domain/ports.ts';

export interface ServiceUnderTest {
  readonly service: Service;
  /** Proves that the started service does its work; runs after the first start and after the restart. */
  readonly works: () => Promise<void> | void;
  /** Proves that nothing goes on after a stop: no timer left, no subscription open. */
  readonly isQuiet: () => Promise<void> | void;
}

export function describeService(name: string, create: () => Promise<ServiceUnderTest> | ServiceUnderTest): void {
  describe(`${name} as a service`, () => {
    it('may be stopped before it was started', async () => {
      const { service, isQuiet, works } = await create();
      await expect(service.stop()).resolves.toBeUndefined();
      await isQuiet();
      await service.start();
      await works();
      await service.stop();
    });

    it('starts, stops, stops again, and starts again', async () => {
      const { service, isQuiet, works } = await create();
      await service.start();
      await works();
      await service.stop();
      await expect(service.stop()).resolves.toBeUndefined();
      await isQuiet();
      await service.start();
      await works();
      await service.stop();
      await isQuiet();
    });

    it('ends every one of several stops at once', async () => {
      const { service, isQuiet } = await create();
      await service.start();
      const stops = await Promise.allSettled([service.stop(), service.stop(), service.stop()]);
      expect(stops.map((stop) => stop.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
      await isQuiet();
    });

    it('is quiet when it is stopped while it starts', async () => {
      const { service, isQuiet } = await create();
      const starting = service.start();
      const stopping = service.stop();
      await Promise.allSettled([starting, stopping]);
      await expect(service.stop()).resolves.toBeUndefined();
      await isQuiet();
    });
  });
}
