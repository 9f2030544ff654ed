import { visibleText } from './visible-text.ts'

/** One thing that was checked. */
export type JunitCase = {
  readonly name: string
  /** What it belongs to: a file, a group of checks. */
  readonly group: string
  /** `failure`: it is not as it should be; `error`: it could not be checked. None where it holds. */
  readonly found?: readonly {
    readonly kind: 'failure' | 'error'
    readonly message: string
    readonly lines: readonly string[]
  }[]
  /** Said beside a case that holds. */
  readonly note?: string
}

/**
 * JUnit's XML as servers of pipelines read it: one suite, a case for each check. Names and messages may be anybody's: they are
 * escaped, and what XML cannot hold is shown as a mark.
 */
export function junitText({
  name,
  suite,
  cases,
}: {
  readonly name: string
  readonly suite: string
  readonly cases: readonly JunitCase[]
}): string {
  const having = (kind: 'failure' | 'error'): number =>
    cases.filter(({ found = [] }) => found.some((one) => one.kind === kind)).length
  const counts = `tests="${cases.length}" failures="${having('failure')}" errors="${having('error')}"`
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${escaped(name)}" ${counts}>
  <testsuite name="${escaped(suite)}" ${counts}>
${cases.map(caseText).join('')}  </testsuite>
</testsuites>
`
}

function caseText({ name, group, found = [], note }: JunitCase): string {
  const inside = [
    // One element of a kind: readers show the first of a case and leave out the others.
    ...found.map(
      ({ kind, message, lines }) =>
        `      <${kind} message="${escaped(message)}">${lines.map(escaped).join('\n')}</${kind}>\n`,
    ),
    ...(note === undefined ? [] : [`      <system-out>${escaped(note)}</system-out>\n`]),
  ].join('')
  const head = `    <testcase name="${escaped(name)}" classname="${escaped(group)}"`
  return inside === '' ? `${head}/>\n` : `${head}>\n${inside}    </testcase>\n`
}

/** No control character is allowed in XML, escaped or not. */
function escaped(text: string): string {
  return visibleText(text).replaceAll(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`)
}
