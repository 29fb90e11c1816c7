// Rule: no mutation of trees.
import { describe, expect, it } from 'vitest';
import { mutatingMethods, noTreeMutationRule } from '../../../codemods/checks/no-tree-mutation.ts';
import { messagesOf } from './rule-run.ts';

describe('no-tree-mutation', () => {
  it.each([
    ['statement.remove();', 'remove'],
    ['file.getClasses()[0]?.rename("B");', 'rename'],
    ['method.setBodyText("");', 'setBodyText'],
    ['node.replaceWithText("x");', 'replaceWithText'],
    ['file.addStatements("x");', 'addStatements'],
    ['file.insertText(0, "x");', 'insertText'],
    ['file.fixUnusedIdentifiers();', 'fixUnusedIdentifiers'],
    ['file.organizeImports().formatText();', 'organizeImports'],
    ['file.fixMissingImports();', 'fixMissingImports'],
    ['void project.save();', 'save'],
    ['file.saveSync();', 'saveSync'],
    ['property.setInitializer("1");', 'setInitializer'],
    ['file.addImportDeclaration({ moduleSpecifier: "x" });', 'addImportDeclaration'],
    ['node.transform((traversal) => traversal.currentNode);', 'transform'],
    ['workspace.project.createSourceFile("a.ts", "");', 'createSourceFile'],
  ])('finds %s', (text, method) => {
    expect(messagesOf(noTreeMutationRule, 'codemods/move-it.ts', text)).toContainEqual(
      expect.stringContaining(`\`${method}\` changes the tree`),
    );
  });

  it.each([
    'new Map().set("a", 1); new Set().add(2); list.delete("a");',
    '"a".replace("a", "b").replaceAll("a", "b"); run.apply(undefined, []);',
    'ts.createSourceFile("a.ts", "", 9);',
    'out.edit(path, [0, 1], ""); out.replace(node, ""); workspace.setText(path, "");',
    'setTimeout(run, 1); emitter.addListener("x", run); emitter.removeListener("x", run);',
    'file.getStatements(); node.findReferencesAsNodes(); const remove = node.remove;',
  ])('lets %s be', (text) => {
    expect(messagesOf(noTreeMutationRule, 'codemods/move-it.ts', text)).toEqual([]);
  });

  it('is about the codemods, the workspace excepted', () => {
    const text = 'source.replaceWithText("");';
    expect(messagesOf(noTreeMutationRule, 'codemods/kernel/apply.ts', text)).toHaveLength(1);
    expect(messagesOf(noTreeMutationRule, 'codemods/kernel/workspace.ts', text)).toEqual([]);
    expect(messagesOf(noTreeMutationRule, 'src/domain/a.ts', text)).toEqual([]);
  });

  it('knows what the installed ts-morph can change, and does not take readers for it', () => {
    expect(mutatingMethods.size).toBeGreaterThan(150);
    expect([...mutatingMethods].filter((name) => /^(?:get|is|has|find|for|print)/.test(name) && name !== 'formatText')).toEqual(
      [],
    );
  });
});
