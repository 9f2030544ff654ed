import { useQuery } from '@tanstack/react-query'
import { queries } from '../data/queries.ts'
import { Time } from '../time/Time.tsx'
import { Command, CopyButton } from '../ui/Copy.tsx'
import { formatCount, plural } from '../ui/format.ts'
import { Fact } from '../ui/Page.tsx'
import { ErrorState, Loading } from '../ui/States.tsx'

/** One entry of the log: its leaf and its inclusion proof. Its bytes are copied, not shown: pages show what they mean. */
export function EntryPanel({ index, size }: { readonly index: number; readonly size: number }) {
  const proof = useQuery(queries.proof(index))
  const raw = useQuery(queries.rawEntry(index))
  return (
    <section className="panel flex min-w-0 flex-col gap-3 p-4 xl:col-span-2" aria-label={`Log entry ${index}`}>
      <h2 className="text-lg font-semibold">
        Entry {formatCount(index)} of {formatCount(size)}
      </h2>
      {raw.error === null ? null : <ErrorState what="log entry" error={raw.error} onRetry={() => void raw.refetch()} />}
      {raw.data !== undefined && (
        <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
          <Fact label="Recorded">
            <Time at={raw.data.recordedAt} form="exact" />
          </Fact>
          <Fact label="Encoding">{raw.data.encoding}</Fact>
          <Fact label="Bytes as received">
            {formatCount(raw.data.bodyBytes)}
            {raw.data.masks.length > 0 && `, ${plural(raw.data.masks.length, 'credential')} masked`}
          </Fact>
          <Fact label="Body">
            {raw.data.body === undefined ? (
              'erased: the key that could read it was destroyed; the proof stays valid'
            ) : (
              <CopyButton text={raw.data.body} label="the received bytes as base64">
                Copy as base64
              </CopyButton>
            )}
          </Fact>
        </dl>
      )}
      <h3 className="eyebrow">Inclusion proof</h3>
      {proof.error !== null ? (
        <ErrorState what="inclusion proof" error={proof.error} onRetry={() => void proof.refetch()} />
      ) : proof.data === undefined ? (
        <Loading what="the proof" />
      ) : (
        <Command text={proof.data.proof.trimEnd()} label="the inclusion proof" />
      )}
    </section>
  )
}
