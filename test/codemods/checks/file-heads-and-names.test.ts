// Rule: heads and names of files.
import { describe, expect, it } from 'vitest';
import { fileHeadsAndNamesRule } from '../../../codemods/checks/file-heads-and-names.ts';
import { messagesOf } from './rule-run.ts';

const head = '// Says what it is for.\n';

describe('file-heads-and-names', () => {
  it.each([
    ['', 'no head comment'],
    ["import { a } from './a.ts';\n// Too late now.", 'no head comment'],
    ['/** A block. */', 'no head comment'],
    ['//\nconst a = 1;', 'no head comment'],
    ['// Tasks\nconst a = 1;', 'is not a sentence'],
    ['// Everything about tasks and steps\nconst a = 1;', 'is not a sentence'],
  ])('finds the head %j', (text, says) => {
    expect(messagesOf(fileHeadsAndNamesRule, 'src/a.ts', text)).toEqual([expect.stringContaining(says)]);
  });

  it.each([
    head,
    '// Codemod: sort-imports\n//\n// Sorts the imports of a file.\nconst a = 1;',
    '#!/usr/bin/env node\n// Runs the command line.\n',
    '// A head over two lines,\n// ending with a full stop.\n',
  ])('accepts the head %j', (text) => {
    expect(messagesOf(fileHeadsAndNamesRule, 'src/a.ts', text)).toEqual([]);
  });

  it.each([
    ['src/utils.ts', '`utils`'],
    ['src/domain/types.ts', '`types`'],
    ['src/common/a.ts', '`common`'],
    ['src/task-helpers.ts', '`task-helpers`'],
    ['src/state-manager.ts', '`state-manager`'],
    ['test/utils.test.ts', '`utils`'],
    ['src/taskState.ts', 'not kebab-case'],
    ['src/task_state.ts', 'not kebab-case'],
  ])('finds the name %s', (path, says) => {
    expect(messagesOf(fileHeadsAndNamesRule, path, head)).toEqual([expect.stringContaining(says)]);
  });

  it.each(['test/helpers/database.ts', 'src/task-state.ts', 'test/a.pg.test.ts', 'vitest.config.ts', 'src/event-type.ts'])(
    'accepts the name %s',
    (path) => {
      expect(messagesOf(fileHeadsAndNamesRule, path, head)).toEqual([]);
    },
  );
});
