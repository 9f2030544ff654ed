import type { CheckpointWire } from '@holdfast/api'
import { LEAVES_PER_REQUEST, PAGE_ROWS, VERIFY_CHECKPOINTS } from '../../limits.ts'
import type { Api } from '../../server/api.ts'
import { LEAF_ENTRY_BYTES, parseLeafEntry } from '../../verify/entry-proof.ts'
import { verifyConsistency, type Verdict } from '../../verify/index.ts'
import { Report } from '../../verify/report.ts'
import { leafHash, RunningTree } from '../../verify/rfc6962.ts'
import { openCheckpoint, parseVerifierKey, type VerifierKey } from '../../verify/signed-note.ts'
import type { LogFacts } from './verify.ts'

/**
 * Fetches every leaf entry of a served log and builds the tree again. A checkpoint holds where its signature does and
 * where the tree had its root at its size; checkpoints that all do so are consistent with each other. The answers are
 * untrusted: this is what a dishonest server would have to get past.
 */
export async function verifyServedLog(api: Api, options: { readonly key?: string }): Promise<Verdict<LogFacts>> {
  const report = new Report()
  const integrity = await api.call('getIntegrity')
  const key = parseVerifierKey(options.key ?? integrity.publicKey)
  if (key === undefined) report.add('key', 'is not an Ed25519 verifier key')
  const checkpoints = await allCheckpoints(api)
  const newest = checkpoints.at(-1)
  const claims = claimsOf(checkpoints, key, report)
  claims.push({ where: 'the log as it is now', size: integrity.size, root: integrity.rootHash })
  const tree = await rebuild(api, claims, report)
  if (key !== undefined) await checkConsistency(api, { checkpoints, key: key.text, report })
  return report.verdict({
    size: tree.size,
    root: tree.root().toString('hex'),
    lastCheckpoint: newest === undefined ? undefined : { size: newest.size, note: newest.note },
    checkpoints: checkpoints.length,
    gaps: integrity.gapsTotal,
    origin: key?.name ?? '',
    key: integrity.publicKey,
    isKeyTrusted: options.key !== undefined && options.key === integrity.publicKey,
    covers: 'leaves',
  })
}

/** Oldest first; the newest ones where there are more than the bound. */
async function allCheckpoints(api: Api): Promise<readonly CheckpointWire[]> {
  const newestFirst: CheckpointWire[] = []
  let cursor: string | undefined
  while (newestFirst.length < VERIFY_CHECKPOINTS) {
    const answer = await api.call('listCheckpoints', { query: { limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) } })
    newestFirst.push(...answer.items)
    cursor = answer.nextCursor
    if (cursor === undefined || answer.items.length === 0) break
  }
  return newestFirst.reverse()
}

type ConsistencyCheck = {
  /** Oldest first. */
  readonly checkpoints: readonly CheckpointWire[]
  readonly key: string
  readonly report: Report
}

/** Whether the proof that the server gives to others, from its oldest checkpoint to its newest, holds as well. */
async function checkConsistency(api: Api, { checkpoints, key, report }: ConsistencyCheck): Promise<void> {
  const older = checkpoints.find((checkpoint) => checkpoint.size > 0)
  const newer = checkpoints.at(-1)
  if (older === undefined || newer === undefined) return
  const { proof } = await api.call('getConsistency', { query: { from: older.size, to: newer.size } })
  const { problems } = verifyConsistency({ older: older.note, newer: newer.note }, proof, key)
  for (const { where, what } of problems) report.add(`consistency ${older.size} to ${newer.size}, ${where}`, what)
}

/** What the tree must be at some size. */
type Claim = { readonly where: string; readonly size: number; readonly root: string }

function claimsOf(checkpoints: readonly CheckpointWire[], key: VerifierKey | undefined, report: Report): Claim[] {
  if (key === undefined) return []
  return checkpoints.flatMap((checkpoint) => {
    const where = `checkpoint of ${checkpoint.size} entries`
    const head = openCheckpoint(checkpoint.note, key)
    if (typeof head === 'string') {
      report.add(where, head)
      return []
    }
    return [{ where, size: head.size, root: head.root.toString('hex') }]
  })
}

/** Reads leaves up to the largest claim, and holds each claim against the tree when it has that size. */
async function rebuild(api: Api, claims: readonly Claim[], report: Report): Promise<RunningTree> {
  const bySize = Map.groupBy(claims, (claim) => claim.size)
  const end = Math.max(0, ...bySize.keys())
  const tree = new RunningTree()
  const compare = (): void => {
    for (const claim of bySize.get(tree.size) ?? []) {
      const root = tree.root().toString('hex')
      report.check(root === claim.root, claim.where, `has root ${claim.root}, its leaves have ${root}`)
    }
  }
  compare()
  while (tree.size < end) {
    const leaves = await leavesFrom(api, tree.size, Math.min(LEAVES_PER_REQUEST, end - tree.size))
    if (leaves.length === 0 || leaves.length % LEAF_ENTRY_BYTES !== 0) {
      report.add(`entry ${tree.size}`, `is missing: the log claims ${end} entries`)
      return tree
    }
    for (let at = 0; at < leaves.length; at += LEAF_ENTRY_BYTES) {
      if (parseLeafEntry(leaves, at) === undefined) report.add(`entry ${tree.size}`, 'is not a leaf entry of version 1')
      tree.push(leafHash(leaves.subarray(at, at + LEAF_ENTRY_BYTES)))
      compare()
    }
  }
  return tree
}

async function leavesFrom(api: Api, from: number, count: number): Promise<Buffer> {
  const response = await api.fetch('getLeaves', { query: { from, count } })
  const bytes = Buffer.from(await response.arrayBuffer())
  // More than asked for would be pushed past the size that the claims are about.
  return bytes.subarray(0, count * LEAF_ENTRY_BYTES)
}
