import type { CheckpointWire } from '@holdfast/api'
import { LEAVES_PER_REQUEST, PAGE_ROWS, VERIFY_CHECKPOINTS } from '../../limits.ts'
import type { Api } from '../../server/api.ts'
import { LEAF_ENTRY_BYTES, parseLeafEntry } from '../../verify/entry-proof.ts'
import { rolledBack, verifyConsistency, type Verdict } from '../../verify/index.ts'
import { Report } from '../../verify/report.ts'
import { leafHash, RunningTree } from '../../verify/rfc6962.ts'
import { openCheckpoint, parseVerifierKey, type VerifierKey } from '../../verify/signed-note.ts'
import type { Given, LogFacts } from './verify.ts'

/**
 * Fetches every leaf entry of a served log and builds the tree again. A checkpoint holds where its signature does and
 * where the tree had its root at its size; checkpoints that all do so are consistent with each other. The answers are
 * untrusted: this is what a dishonest server would have to get past.
 */
export async function verifyServedLog(api: Api, given: Given): Promise<Verdict<LogFacts>> {
  const report = new Report()
  const integrity = await api.call('getIntegrity')
  const key = parseVerifierKey(given.key ?? integrity.publicKey)
  if (key === undefined) report.add('key', 'is not an Ed25519 verifier key')
  const signed = await signedClaims(api, key, report)
  const now = { where: 'the log as it is now', size: integrity.size, root: integrity.rootHash }
  const kept = key === undefined ? undefined : keptClaim(given.kept, { key, size: integrity.size, report })
  const tree = await rebuild(api, [...signed.claims, now, ...(kept?.claim === undefined ? [] : [kept.claim])], report)
  if (key !== undefined) await checkConsistency(api, { ...signed, key: key.text, report })
  const { newest } = signed
  return report.verdict({
    size: tree.size,
    root: tree.root().toString('hex'),
    lastCheckpoint: newest === undefined ? undefined : { size: newest.size, note: newest.note },
    checkpoints: signed.compared,
    checkpointsTotal: signed.total,
    kept: kept === undefined ? undefined : { size: kept.size },
    gaps: integrity.gapsTotal,
    origin: key?.name ?? '',
    key: integrity.publicKey,
    isKeyTrusted: given.key !== undefined && given.key === integrity.publicKey,
    covers: 'leaves',
  })
}

/** What the tree must be at some size; without `where` it is the stored checkpoint of that size. */
type Claim = { readonly where?: string; readonly size: number; readonly root: string }

type Signed = {
  readonly claims: readonly Claim[]
  readonly newest: CheckpointWire | undefined
  /** The oldest that was read and covers anything. */
  readonly oldest: CheckpointWire | undefined
  readonly compared: number
  readonly total: number
}

/** Reads the checkpoints page by page, newest first, and checks each signature; keeps no note but the outermost two. */
async function signedClaims(api: Api, key: VerifierKey | undefined, report: Report): Promise<Signed> {
  const claims: Claim[] = []
  let newest: CheckpointWire | undefined
  let oldest: CheckpointWire | undefined
  let compared = 0
  let total = 0
  let cursor: string | undefined
  do {
    const page = await api.call('listCheckpoints', { query: { limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) } })
    for (const checkpoint of page.items) {
      newest ??= checkpoint
      if (checkpoint.size > 0) oldest = checkpoint
      const head = key === undefined ? undefined : openCheckpoint(checkpoint.note, key)
      if (typeof head === 'string') report.add(whereOf(checkpoint), head)
      else if (head !== undefined) claims.push({ size: head.size, root: head.root.toString('hex') })
    }
    compared += page.items.length
    total = Math.max(total, page.total ?? 0, compared)
    cursor = page.items.length === 0 ? undefined : page.nextCursor
  } while (cursor !== undefined && compared < VERIFY_CHECKPOINTS)
  return { claims, newest, oldest, compared, total }
}

function whereOf({ where, size }: { readonly where?: string; readonly size: number }): string {
  return where ?? `checkpoint of ${size} entries`
}

type Kept = { readonly size: number; readonly claim?: Claim }

/** The claim of a checkpoint kept elsewhere; none where the log is too short to have it, which is reported. */
function keptClaim(
  kept: Given['kept'],
  log: { readonly key: VerifierKey; readonly size: number; readonly report: Report },
): Kept | undefined {
  if (kept === undefined) return undefined
  const head = openCheckpoint(kept.note, log.key)
  if (typeof head === 'string') {
    log.report.add(kept.name, head)
    return undefined
  }
  const { size } = head
  const fits = log.report.check(size <= log.size, kept.name, rolledBack(size, log.size))
  return fits ? { size, claim: { where: kept.name, size, root: head.root.toString('hex') } } : { size }
}

type ConsistencyCheck = {
  readonly oldest: CheckpointWire | undefined
  readonly newest: CheckpointWire | undefined
  readonly key: string
  readonly report: Report
}

/** Whether the proof that the server gives to others, from its oldest checkpoint to its newest, holds as well. */
async function checkConsistency(api: Api, { oldest, newest, key, report }: ConsistencyCheck): Promise<void> {
  if (oldest === undefined || newest === undefined) return
  const { proof } = await api.call('getConsistency', { query: { from: oldest.size, to: newest.size } })
  const { problems } = verifyConsistency({ older: oldest.note, newer: newest.note }, proof, key)
  for (const { where, what } of problems) report.add(`consistency ${oldest.size} to ${newest.size}, ${where}`, what)
}

/** Reads leaves up to the largest claim, and holds each claim against the tree when it has that size. */
async function rebuild(api: Api, claims: readonly Claim[], report: Report): Promise<RunningTree> {
  const bySize = Map.groupBy(claims, (claim) => claim.size)
  let end = 0
  // Not spread into Math.max: there may be a million.
  for (const size of bySize.keys()) end = Math.max(end, size)
  const tree = new RunningTree()
  let isAstray = false
  const compare = (): void => {
    for (const claim of bySize.get(tree.size) ?? []) {
      const root = tree.root().toString('hex')
      const isSame = root === claim.root
      const what = `has root ${claim.root}, its leaves have ${root}`
      // One changed leaf changes every root after it; a checkpoint from elsewhere is named for itself.
      if (!isSame && isAstray && claim.where === undefined)
        report.follow(whereOf(claim), what, 'later checkpoints have other roots than their leaves')
      else report.check(isSame, whereOf(claim), what)
      if (claim.where === undefined) isAstray = !isSame
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
