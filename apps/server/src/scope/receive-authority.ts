import { scanAuthority } from '@holdfast/capture'
import type { Answer } from '@holdfast/api'
import type { CapturePolicy, GapReason } from '@holdfast/model'
import type { Recorder } from '@holdfast/recorder'
import type { GapCounter } from '../gap-counter.ts'
import { HttpError } from '../http/problem.ts'

export type AuthorityDelivery = {
  readonly recorder: Pick<Recorder, 'append'>
  readonly gaps: Pick<GapCounter, 'count'>
  readonly policy: CapturePolicy | undefined
  readonly body: unknown
  readonly by: string
}

/** Takes in records that an authority pushes; answered once they are durable, and what is left out is counted (FC4). */
export async function receiveAuthority({
  recorder,
  gaps,
  policy,
  body,
  by,
}: AuthorityDelivery): Promise<Answer<'receiveAuthority'>> {
  const refuse = (reason: GapReason, detail: string, records?: number): void =>
    gaps.count({ sender: by, channel: 'import', reason, detail, ...(records === undefined ? {} : { records }) })
  if (policy === undefined) {
    const why = 'no capture policy is in force, so nothing may be stored: set one first'
    refuse('refused-no-policy', why)
    throw new HttpError(409, why)
  }
  // What the HTTP layer parsed from JSON text.
  const scanned = scanAuthority(body as Parameters<typeof scanAuthority>[0], { instance: 'http push', credential: by })
  if (scanned.rejected > 0) refuse('refused-rejected-records', scanned.why ?? '', scanned.rejected)
  if (scanned.accepted === 0 && scanned.rejected > 0) throw new HttpError(400, scanned.why ?? 'no record that is known')
  const { stored, duplicates } =
    scanned.groups.length === 0 ? { stored: 0, duplicates: 0 } : await recorder.append(scanned.groups)
  return { accepted: stored + duplicates, duplicates, rejected: scanned.rejected }
}
