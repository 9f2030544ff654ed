import { coverageOf, type Coverage } from '@holdfast/detect'
import { readRules } from './read-folders.ts'
import type { Report } from './report.ts'

/** Which techniques detectors and the rules that ship speak of, and which nothing here can tell. */
export function coverageReport(): Report {
  const coverage = coverageOf(readRules([]).rules.rules)
  return { text: coverageText(coverage), json: coverage, talk: '', exit: 0 }
}

/** The page docs/detection-coverage.md. */
export function coverageText({ covered, notCovered, owasp }: Coverage): string {
  const names = (list: readonly string[]): string => list.map((name) => `\`${name}\``).join(', ')
  return `${[
    '# What detection covers, and what it cannot',
    '',
    'Made by `holdfast rules coverage` from the tags of the rules that ship and of the detectors in code; a test holds it equal.',
    'To speak of a technique is to see some of its ways, not all. Ids are of MITRE ATT&CK v20 and ATLAS 2026.09; names of',
    'detectors are explained in [packages/detect/src/signals/README.md](../packages/detect/src/signals/README.md), those of',
    'rules in [rules/](../rules/README.md).',
    '',
    '## Not covered',
    '',
    'State-detectable: nothing happens at run time that would tell it. Where a technique stands below as well, some of its ways',
    'are seen.',
    '',
    '| Technique | | Told by | Why not | What helps |',
    '| --- | --- | --- | --- | --- |',
    ...notCovered.map(
      ({ technique, name, detectability, why, instead }) =>
        `| \`${technique}\` | ${name} | ${detectability} | ${why} | ${instead} |`,
    ),
    '',
    '## Spoken of',
    '',
    '| Technique | | Detectors | Rules |',
    '| --- | --- | --- | --- |',
    ...covered.map(
      ({ technique, name, detectors, rules }) =>
        `| \`${technique}\` | ${name} | ${names(detectors)} | ${names(rules)} |`,
    ),
    '',
    '## OWASP, with the year of the list',
    '',
    '| Entry | Rules |',
    '| --- | --- |',
    ...owasp.map(({ id, rules }) => `| \`${id}\` | ${names(rules)} |`),
  ].join('\n')}\n`
}
