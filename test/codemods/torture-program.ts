// A program of the torture corpus: how it is read, what it prints, and what an operation makes of it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { use, type Codemod, type Operation } from '../../codemods/kernel/codemod.ts';
import type { ChangedFile } from '../../codemods/kernel/apply.ts';
import { DiagnosticBaseline, diagnosticsOf } from '../../codemods/kernel/diagnostics.ts';
import { listFiles } from '../../codemods/kernel/list-files.ts';
import { ts } from '../../codemods/kernel/parse-source.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { proposalOf, runOperation, type OperationRecord } from '../../codemods/kernel/run-operation.ts';
import { Workspace } from '../../codemods/kernel/workspace.ts';
import { outputOfProgram } from './torture-run.ts';

export interface TortureProgram {
  readonly name: string;
  readonly category: string;
  readonly codemod: string;
  readonly options: object;
  /** `same output`, or `refused CODE`. */
  readonly expected: string;
  /** Path → text; `main.ts` is run. */
  readonly files: Readonly<Record<string, string>>;
}

/** What became of a program: `same output` and `refused CODE` are the good answers, anything else says what went wrong. */
export interface Answer {
  readonly verdict: string;
  readonly reason: string;
  readonly before: string;
  readonly after: string;
}

interface OperationFile {
  readonly codemod: string;
  readonly options: object;
  readonly category: string;
  readonly expect: string;
}

const OPERATION = 'operation.json';
const OUT = '/out';

/** Compiler options a program may override in its tsconfig.json. Modules keep their own files, so that load order and cycles are those of the language. */
const emitting: ts.CompilerOptions = {
  noEmit: false,
  outDir: OUT,
  rootDir: '/workspace',
  rewriteRelativeImportExtensions: true,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
};

export function readProgram(folder: string, name: string): TortureProgram {
  const root = join(folder, name);
  const operation = JSON.parse(readFileSync(join(root, OPERATION), 'utf8')) as OperationFile;
  const paths = listFiles(root, ['**/*']).filter((path) => path !== OPERATION);
  const files = Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  return {
    name,
    files,
    expected: operation.expect,
    category: operation.category,
    codemod: operation.codemod,
    options: operation.options,
  };
}

function compilerOptionsOf(program: TortureProgram): ts.CompilerOptions {
  const text = program.files['tsconfig.json'];
  if (text === undefined) return emitting;
  const { config } = ts.parseConfigFileTextToJson('tsconfig.json', text) as { config: { compilerOptions: unknown } };
  const { options, errors } = ts.convertCompilerOptionsFromJson(config.compilerOptions, '/workspace');
  if (errors.length > 0)
    throw new Error(`${program.name}/tsconfig.json: ${JSON.stringify(errors.map((each) => each.messageText))}`);
  return { ...emitting, ...options };
}

/** Workspaces by their options: the declarations of the language are read once and not for each program. */
const emptied = new Map<string, { readonly workspace: Workspace; readonly empty: ReturnType<Workspace['changes']> }>();

function workspaceOf(program: TortureProgram): Workspace {
  const options = compilerOptionsOf(program);
  const marked = Object.values(program.files).some((text) => text.startsWith('\uFEFF'));
  // Only files that are given when the workspace is made keep their mark.
  if (marked) return Workspace.inMemory(program.files, options);
  const key = JSON.stringify(options);
  const known = emptied.get(key);
  const workspace = known?.workspace ?? Workspace.inMemory({}, options);
  if (known === undefined) emptied.set(key, { workspace, empty: workspace.changes() });
  else workspace.restore(known.empty);
  // What says how modules are read comes first.
  const texts = Object.entries(program.files).toSorted(([a], [b]) => Number(b.endsWith('.json')) - Number(a.endsWith('.json')));
  for (const [path, text] of texts) workspace.setText(path, text);
  return workspace;
}

/** Writes what the compiler makes of the workspace, file by file, and the files it copies. */
function emitTo(workspace: Workspace, program: TortureProgram, folder: string): void {
  const write = (path: string, text: string): void => {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  };
  const compiled = workspace.project.getProgram().compilerObject;
  for (const file of workspace.sourceFiles()) {
    // One by one: all at once makes the compiler check the declarations of the language, too.
    compiled.emit(compiled.getSourceFile(file.getFilePath()), (path, text) => write(path.replace(OUT, ''), text));
  }
  for (const path of Object.keys(program.files)) {
    const text = path.endsWith('.json') ? workspace.textOf(path) : undefined;
    if (text !== undefined) write(path, text);
  }
  const commonJs = compiled.getCompilerOptions().module === ts.ModuleKind.CommonJS;
  write('package.json', JSON.stringify({ type: commonJs ? 'commonjs' : 'module' }));
}

/** What `main.ts` of the workspace prints and how it ends. */
async function outputOf(workspace: Workspace, program: TortureProgram, folder: string): Promise<string> {
  emitTo(workspace, program, folder);
  return outputOfProgram(join(folder, 'main.js'));
}

function complaintsOf(workspace: Workspace): string {
  return diagnosticsOf(workspace)
    .map((each) => `${workspace.relative(each.path)}:${String(each.line)} TS${String(each.code)} ${each.message}`)
    .join('\n');
}

/** Files whose line ends were all `\r\n` and are not any more. */
export function mixedLineEnds(files: readonly ChangedFile[]): readonly string[] {
  return files
    .filter(
      ({ before, after }) =>
        before?.includes('\n') === true && !/[^\r]\n/.test(before) && after !== undefined && /[^\r]\n/.test(after),
    )
    .map((file) => file.path);
}

function isEmptyNow(workspace: Workspace, operation: Operation): boolean {
  return proposalOf(workspace, operation).isEmpty;
}

/** The record of the operation, or why it refused. */
function carryOut(workspace: Workspace, operation: Operation): OperationRecord | Refusal {
  try {
    return runOperation(workspace, operation, { baseline: new DiagnosticBaseline(workspace) });
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown;
    throw thrown;
  }
}

/** Runs the program, carries out the operation and runs it again. `scratch` is a folder to write to. */
export async function answerOf(program: TortureProgram, codemod: Codemod, scratch: string): Promise<Answer> {
  const workspace = workspaceOf(program);
  const complaints = complaintsOf(workspace);
  if (complaints !== '') return { verdict: 'the program does not compile', reason: complaints, before: '', after: '' };
  // It runs while the operation is worked out.
  const printed = outputOf(workspace, program, join(scratch, program.name, 'before'));
  const operation = use(codemod, program.options);
  const texts = workspace.changes();
  const carriedOut = carryOut(workspace, operation);
  const before = await printed;
  const answer = (verdict: string, reason = '', after = ''): Answer => ({ verdict, reason, before, after });
  if (carriedOut instanceof Refusal) {
    const untouched = [...workspace.changes()].every(([path, text]) => texts.get(path) === text);
    return answer(untouched ? `refused ${carriedOut.code}` : 'refused, but files are changed', carriedOut.message);
  }
  const { files, skips } = carriedOut;
  if (files.length === 0) return answer('nothing to do', skips.map((skip) => skip.why).join('\n'));
  const printedAfter = outputOf(workspace, program, join(scratch, program.name, 'after'));
  const isDone = isEmptyNow(workspace, operation);
  const after = await printedAfter;
  if (after !== before) return answer('other output', 'the program does not do the same', after);
  const mixed = mixedLineEnds(files);
  if (mixed.length > 0) return answer('mixed line ends', mixed.join(', '), after);
  return answer(isDone ? 'same output' : 'a second run has more to do', '', after);
}
