import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { casesOf } from './corpus.ts'
import { flood } from './flood.ts'
import { identityJoin } from './identity-join.ts'
import { largeCase } from './large-case.ts'
import { benchRules } from './rules.ts'
import { stream } from './stream.ts'

/** What detection costs and how soon it speaks: see README.md. Each line of output is one JSON document. */
const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    part: { type: 'string', multiple: true },
    rate: { type: 'string', multiple: true },
    repeats: { type: 'string' },
    identities: { type: 'string' },
  },
})
const scale = Number(values.scale)
const rounds = Number(values.rounds)
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)
const scaled = (count: number, least: number): number => Math.max(least, Math.round(count * scale))

const parts: Readonly<Record<string, () => readonly string[] | Promise<readonly string[]>>> = {
  rules: () => benchRules({ cases: casesOf(scaled(30_000, 300)), rounds, say }),
  join: () => identityJoin(Number(values.identities ?? scaled(1_000_000, 1_000)), say),
  large: async () => {
    const problems: string[] = []
    for (const entries of [1_000, 8_000, 40_000]) {
      const figures = await largeCase(scaled(entries, 50))
      say(figures)
      if (figures.incidents !== 1)
        problems.push(`a case of ${figures.entries} entries gave ${figures.incidents} incidents`)
    }
    return problems
  },
  flood: () => flood(Number(values.repeats ?? scaled(20_000, 50)), say),
  stream: async () => {
    const problems: string[] = []
    for (const rate of values.rate ?? ['250', '1000', '20000'])
      problems.push(
        ...(await stream({ rate: Math.max(64, Number(rate) * Math.min(1, scale * 20)), seconds: scaled(60, 2) }, say)),
      )
    return problems
  },
}

const problems: string[] = []
say({ bench: 'detect', node: process.version, cores: availableParallelism(), scale, rounds })
for (const part of values.part ?? Object.keys(parts))
  problems.push(...((await parts[part]?.()) ?? [`there is no part "${part}"`]))
say({ bench: 'detect', result: problems.length === 0 ? 'ok' : 'WRONG', problems })
process.exitCode = problems.length === 0 ? 0 : 1
