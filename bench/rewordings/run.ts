import { SUITES, wordingsOf } from './wordings.ts'

/** How many wordings there are, by family and half: one JSON document a line, the whole last. */
const counts = new Map<string, { develop: number; 'held-out': number }>()
for (const { family, half } of SUITES.flatMap(wordingsOf)) {
  for (const name of [family, 'all']) {
    const count = counts.get(name) ?? { develop: 0, 'held-out': 0 }
    counts.set(name, count)
    count[half]++
  }
}
const all = counts.get('all')
counts.delete('all')
for (const [family, count] of [...counts, ['all', all] as const]) {
  process.stdout.write(`${JSON.stringify({ family, ...count })}\n`)
}
