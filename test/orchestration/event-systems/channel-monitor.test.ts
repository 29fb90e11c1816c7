// Checks the strides, thresholds and logs of spec 7.7.
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/domain/ports.ts';
import { ChannelMonitor } from '../../../src/orchestration/event-systems/channel-monitor.ts';

describe('ChannelMonitor', () => {
  it.each([
    { buffer: 10, check: 100, exported: 100 },
    { buffer: 1000, check: 100, exported: 100 },
    { buffer: 5000, check: 250, exported: 500 },
    { buffer: 50_000, check: 1000, exported: 1000 },
  ])('with $buffer places asks for a check every $check sends and exports every $exported', ({ buffer, check, exported }) => {
    const monitor = new ChannelMonitor('orchestration_commands', buffer);
    const asked: number[] = [];
    const exports: number[] = [];
    for (let sent = 0; sent < 2001; sent++) {
      const before = monitor.exported.messagesSent;
      if (monitor.recordSendSuccess()) asked.push(sent);
      if (monitor.exported.messagesSent !== before) exports.push(sent + 1);
    }
    expect(asked.slice(0, 3)).toEqual([0, check, 2 * check]);
    expect(exports.slice(0, 2)).toEqual([exported, 2 * exported]);
    expect(monitor.metrics().messagesSent).toBe(2001);
  });

  it('exports receives in steps, overflows and drops at once', () => {
    const monitor = new ChannelMonitor('orchestration_commands', 1000);
    for (let received = 0; received < 150; received++) monitor.recordReceive();
    monitor.recordOverflowBlocked();
    monitor.recordMessageDropped();
    expect(monitor.exported).toEqual({ messagesSent: 0, messagesReceived: 100, overflowEvents: 1, messagesDropped: 1 });
    expect(monitor.metrics()).toEqual({
      name: 'orchestration_commands',
      component: 'orchestration',
      bufferSize: 1000,
      messagesSent: 0,
      messagesReceived: 150,
      overflowEvents: 1,
      messagesDropped: 1,
      saturation: 0,
      health: { kind: 'healthy' },
    });
  });

  it.each([
    { available: 100, saturation: 0, health: 'healthy', level: undefined },
    { available: 120, saturation: 0, health: 'healthy', level: undefined },
    { available: 21, saturation: 0.79, health: 'healthy', level: undefined },
    { available: 20, saturation: 0.8, health: 'degraded', level: 'warn' },
    { available: 6, saturation: 0.94, health: 'degraded', level: 'warn' },
    { available: 5, saturation: 0.95, health: 'critical', level: 'error' },
    { available: 0, saturation: 1, health: 'critical', level: 'error' },
  ])('$available free of 100 is $health', ({ available, saturation, health, level }) => {
    const logged: string[] = [];
    const logger = { ...silentLogger, warn: () => logged.push('warn'), error: () => logged.push('error') };
    const monitor = new ChannelMonitor('x', 100, logger);
    expect(monitor.calculateSaturation(available)).toBe(saturation);
    monitor.checkAndWarnSaturation(available);
    expect(logged).toEqual(level === undefined ? [] : [level, level]);
    expect(monitor.checkHealth(available)).toEqual(
      health === 'healthy' ? { kind: health } : { kind: health, percent: saturation * 100 },
    );
  });

  it('calls a channel without places empty', () => {
    expect(new ChannelMonitor('x', 0).calculateSaturation(0)).toBe(0);
  });

  it.each([
    ['orchestration_commands', 'orchestration'],
    ['worker_steps', 'worker'],
    ['shared_events', 'shared'],
    ['ffi_calls', 'shared'],
    ['other', 'unknown'],
  ])('places %s in component %s', (name, component) => {
    expect(new ChannelMonitor(name, 1).component).toBe(component);
  });
});
