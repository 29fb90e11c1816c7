// Rule: the domain reads no clock, no randomness, no process.
import { describe, expect, it } from 'vitest';
import { domainPurityRule } from '../../../codemods/checks/domain-purity.ts';
import { messagesOf } from './rule-run.ts';

describe('domain-purity', () => {
  it.each([
    ['const a = Date.now();', 'Date.now'],
    ['const a = new Date();', 'new Date() without an argument'],
    ['const a = new Date;', 'new Date() without an argument'],
    ['const a = Math.random();', 'Math.random'],
    ['const a = [1].map(Math.random);', 'Math.random'],
    ['const a = performance.now();', 'performance.now'],
    ['const a = crypto.randomUUID();', 'crypto.randomUUID'],
    ["const a = process.env['A'];", 'process'],
    ["console.log('a');", 'console'],
    ['setTimeout(() => {}, 1);', 'setTimeout'],
  ])('finds %s', (text, what) => {
    expect(messagesOf(domainPurityRule, 'src/domain/a.ts', text)).toEqual([expect.stringContaining(`uses ${what}.`)]);
  });

  it.each([
    'const a = new Date(ms);',
    'const a = Math.max(1, 2);',
    'const process = 1;',
    "const a = { console: 'x' };",
    'a.process.b();',
  ])('lets %s be', (text) => {
    expect(messagesOf(domainPurityRule, 'src/domain/a.ts', text)).toEqual([]);
  });

  it('holds in the domain alone', () => {
    expect(messagesOf(domainPurityRule, 'src/runtime/clock.ts', 'export const now = Date.now();')).toEqual([]);
  });
});
