// Placeholder.
import type { Command } from 'commander';
import type { Run } from '../cli.ts';
export function addDoctorCommand(_program: Command, _run: Run): void {}
