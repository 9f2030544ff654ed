import { relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { RuleProblem } from '@holdfast/detect'
import { type JunitCase, junitText, visibleText } from '@holdfast/model'

/** What a pipeline reads the answers of a check in, beside text and JSON. */
export type Tried = {
  readonly name: string
  readonly file: string
  /** Why its file could not be read as a rule. */
  readonly refused: readonly RuleProblem[]
  /** Where its data say another thing than the rule. */
  readonly faults: readonly RuleProblem[]
}

/** Problems as SARIF 2.1.0: a code host shows each at its line. Paths below `cwd` are relative to it, as checkouts are elsewhere. */
export function sarifOf(problems: readonly RuleProblem[], cwd: string): object {
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'holdfast rules lint',
            rules: [{ id: 'rule-file', shortDescription: { text: 'a rule file that cannot be relied on' } }],
          },
        },
        results: problems.map(({ file, line, column, message }) => ({
          ruleId: 'rule-file',
          level: 'error',
          message: { text: unlinked(visibleText(message)) },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: uriOf(file, cwd) },
                region: { startLine: line, startColumn: column },
              },
            },
          ],
        })),
      },
    ],
  }
}

/** What was tried as JUnit's XML, one case for each rule; `elsewhere` are problems that are of no rule. */
export function junitOf(tried: readonly Tried[], elsewhere: readonly RuleProblem[], cwd: string): string {
  const cases: readonly JunitCase[] = [
    ...tried.map(({ name, file, refused, faults }) => ({
      name,
      group: pathOf(file, cwd),
      found: [...foundOf('error', refused), ...foundOf('failure', faults)],
    })),
    ...elsewhere.map((problem) => ({
      name: pathOf(problem.file, cwd),
      group: 'rules',
      found: foundOf('error', [problem]),
    })),
  ]
  return junitText({ name: 'holdfast rules test', suite: 'rules', cases })
}

function foundOf(kind: 'error' | 'failure', problems: readonly RuleProblem[]): NonNullable<JunitCase['found']> {
  const [first] = problems
  if (first === undefined) return []
  const lines = problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`)
  return [{ kind, message: first.message, lines }]
}

function pathOf(file: string, cwd: string): string {
  const below = relative(cwd, file)
  return below === '' || below === '..' || below.startsWith(`..${sep}`) ? file : below
}

function uriOf(file: string, cwd: string): string {
  const path = pathOf(file, cwd)
  return path === file ? pathToFileURL(file).href : path.split(sep).map(encodeURIComponent).join('/')
}

/** A message of SARIF makes links of `[words](address)`, unless the brackets are escaped (2.1.0, 3.11.6). */
function unlinked(message: string): string {
  return message.replaceAll(/[\\[\]]/g, (sign) => `\\${sign}`)
}
