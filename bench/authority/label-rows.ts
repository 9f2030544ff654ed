import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { NO_DELTA, ORDINARY } from './labels.ts'

/** The labels of the public records as a labels file: each executed technique, and each sample of a vendor's rules. */
export function labelRows(folder: string): string {
  const ordinary = [...ORDINARY].join(' ')
  const executed = globSync('stratus/*.json', { cwd: folder })
    .toSorted()
    .map((file) => [file, '', 'privilege-boundary-escape', basename(file, '.json').replace(/^aws\./, ''), ordinary])
  const samples = globSync('panther_tests/*.jsonl', { cwd: folder })
    .toSorted()
    .flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .trim()
        .split('\n')
        .map((line, i) => {
          const { rule, expected } = JSON.parse(line) as { readonly rule: string; readonly expected: boolean } // its README gives the layout
          // A rule that fires where no boundary was crossed says nothing of the second type.
          const label = !expected ? 'negative' : NO_DELTA.has(rule) ? 'excluded_no_delta' : 'positive'
          return [file, `line ${i + 1}`, label, rule, '']
        }),
    )
  return [['archive', 'member', 'label', 'technique', 'ordinary'], ...executed, ...samples]
    .map((row) => `${row.join(',')}\n`)
    .join('')
}
