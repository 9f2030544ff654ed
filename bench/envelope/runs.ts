import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { importRuns, normalise, unpack } from '@holdfast/capture'
import { parseSha256, parseUnixNano, type EntryGroup, type LogEntry } from '@holdfast/model'
import { observationsOf, type Observation } from '@holdfast/observe'

/** One recorded run with its label, and what of it would enter a profile. */
export type LabelledRun = {
  readonly role: string
  readonly label: string
  /** Set, model, defence and suite: one Deployment. */
  readonly agent: string
  readonly suite: string
  /** Suite and goal of the attack: runs of one are not independent. */
  readonly cluster: string
  readonly observations: readonly Observation[]
}

/** Reads the labelled runs of a folder such as `shared/data`; what cannot be found or read is counted and left out. */
export function loadRuns(folder: string): { readonly runs: readonly LabelledRun[]; readonly missing: number } {
  const rows = csvRows(readFileSync(join(folder, 'agentdojo_labels.csv'), 'utf8'))
  const runs: LabelledRun[] = []
  let missing = 0
  for (const [archive, own] of Map.groupBy(rows, ({ archive }) => archive ?? '')) {
    const members = membersOf(join(folder, archive))
    for (const row of own) {
      const bytes = members(row['member'] ?? '')
      const observations = bytes === undefined ? undefined : observationsIn(bytes)
      if (observations === undefined) {
        missing += 1
        continue
      }
      const { role = '', label = '', set = '', model = '', defense = '', suite = '', injection_task: goal = '' } = row
      const agent = [set, model, defense, suite].join(' / ')
      runs.push({ role, label, agent, suite, cluster: `${suite} ${goal}`, observations })
    }
  }
  return { runs, missing }
}

/** Bytes of one run: a file of the archive, or a line of the one file that it is. */
function membersOf(archive: string): (member: string) => Uint8Array | undefined {
  const { files } = unpack({ name: archive, bytes: readFileSync(archive) })
  const byName = new Map(files.map(({ name, bytes }) => [name.replace(/^\.\//, ''), bytes]))
  const lines = files.length === 1 ? new TextDecoder().decode(files[0]?.bytes).split('\n') : []
  return (member) => {
    const line = /^line (\d+)$/.exec(member)?.[1]
    if (line === undefined) return byName.get(member.replace(/^\.\//, ''))
    const text = lines[Number(line) - 1]
    return text === undefined ? undefined : new TextEncoder().encode(text)
  }
}

function observationsIn(bytes: Uint8Array): readonly Observation[] | undefined {
  const { groups, accepted } = importRuns({ file: 'run.json', bytes })
  if (accepted === 0) return undefined
  return entriesOf(groups).flatMap((entry) => normalise(entry).events.flatMap(observationsOf))
}

function entriesOf(groups: readonly EntryGroup[]): readonly LogEntry[] {
  const bodyDigest = parseSha256('0'.repeat(64))
  const recordedAt = parseUnixNano(0n)
  if (bodyDigest === undefined || recordedAt === undefined) throw new Error('zeros are a digest and a time')
  return groups
    .flatMap((group) => Array.from(group.starts, (start, i) => ({ group, start, end: group.ends[i] })))
    .map(({ group, start, end }, index) => ({
      index,
      recordedAt,
      envelope: group.envelope,
      bodyDigest,
      body: group.bytes.subarray(start, end),
      masks: [],
    }))
}

/** Rows of a CSV without quoted cells, by the names of its first line. */
function csvRows(text: string): readonly Readonly<Record<string, string>>[] {
  const [head, ...lines] = text.trim().split(/\r?\n/)
  const names = head?.split(',') ?? []
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']))
  })
}
