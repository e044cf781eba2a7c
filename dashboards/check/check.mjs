// Type-checks every dashboard against @grafana/schema: each file becomes the value of a typed constant, so a misspelt
// option, an unknown value or a missing field is an error of the compiler at its line.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(here, process.argv[2] ?? '..');
const header = `import type { ShopwatchDashboard } from './types';\nexport const dashboard: ShopwatchDashboard = `;

const sources = new Map();
for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
  sources.set(join(here, name.replace('.json', '.dashboard.ts')), header + readFileSync(join(folder, name), 'utf8').trimEnd() + ';\n');
}
if (sources.size === 0) {
  console.error(`no dashboards in ${folder}`);
  process.exit(2);
}

const options = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: [],
};
const host = ts.createCompilerHost(options);
const { readFile, fileExists, getSourceFile } = host;
host.fileExists = (file) => sources.has(file) || fileExists(file);
host.readFile = (file) => sources.get(file) ?? readFile(file);
host.getSourceFile = (file, version, ...rest) =>
  sources.has(file) ? ts.createSourceFile(file, sources.get(file), version) : getSourceFile(file, version, ...rest);

const program = ts.createProgram([...sources.keys()], options, host);
const findings = ts.getPreEmitDiagnostics(program);
for (const finding of findings) {
  const at = finding.file && finding.file.getLineAndCharacterOfPosition(finding.start);
  // The header is one line longer than the file, and lines are counted from 0.
  const where = at ? `${finding.file.fileName.replace('.dashboard.ts', '.json').slice(here.length + 1)}:${at.line}` : '';
  console.error(`${where} ${ts.flattenDiagnosticMessageText(finding.messageText, '\n  ')}`);
}
console.log(`${sources.size} dashboards, ${findings.length} findings`);
process.exit(findings.length === 0 ? 0 : 1);
