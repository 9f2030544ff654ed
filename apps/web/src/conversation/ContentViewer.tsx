import type { ContentSlot } from '@holdfast/api'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../data/queries.ts'
import { roleObstacle } from '../response/may.ts'
import { inertCopy } from '../text/inert.ts'
import { WINDOW_CHARACTERS } from '../text/limits.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { ContentBadge } from '../ui/Badges.tsx'
import { CopyButton } from '../ui/Copy.tsx'
import { formatBytes, formatCount } from '../ui/format.ts'
import { ErrorState, Loading } from '../ui/States.tsx'

/** Texts up to this size are opened with their event; a larger one costs nothing until it is asked for. */
const OPEN_AT_ONCE_BYTES = 8 * 1024

const REASONS: Readonly<Record<string, string>> = {
  'instrumentation-omits': 'the instrumentation leaves it out unless a switch is set; the evidence list names it',
  'dialect-has-no-field': 'the dialect has no field for it',
  'reference-only': 'the source sent a reference that nobody fetched',
  'not-seen': 'it went by before anybody looked, or was lost on the way',
  erased: 'the key that could read it was destroyed',
}

/** One content of an event: its state and size first, its text on demand and in windows. */
export function ContentViewer({ event, slot }: { readonly event: string; readonly slot: ContentSlot }) {
  const hasText = slot.state === 'captured' || slot.state === 'truncated' || slot.state === 'redacted'
  const [isOpen, setOpen] = useState(hasText && (slot.bytes ?? 0) <= OPEN_AT_ONCE_BYTES)
  return (
    <section aria-label={`Content ${slot.slot}`} className="flex flex-col gap-1.5">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
        <span className="eyebrow">{slot.slot}</span>
        <ContentBadge state={slot.state} />
        {slot.bytes !== undefined && <span className="text-faint">{formatBytes(slot.bytes)}</span>}
        {slot.mediaType !== undefined && <Untrusted text={slot.mediaType} className="text-faint" />}
        {(slot.masked ?? 0) > 0 && <span className="text-info">{slot.masked} masked</span>}
        {slot.digest !== undefined && (
          <CopyButton text={slot.digest} label="the SHA-256 digest">
            <code className="text-faint">sha256 {slot.digest.slice(0, 12)}…</code>
          </CopyButton>
        )}
        {hasText && (
          <button type="button" className="button ml-auto" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Close' : 'Open'}
          </button>
        )}
      </p>
      {!hasText && (
        <p className="hatched rounded-md border border-dashed border-strong px-3 py-2 text-soft">
          {slot.state === 'suppressed' ? 'Suppressed by ' : 'Not captured: '}
          <Untrusted text={REASONS[slot.reason ?? ''] ?? slot.reason ?? 'no reason stated'} />. This is not an empty
          text.
        </p>
      )}
      {isOpen && <Reveal event={event} slot={slot.slot} />}
    </section>
  )
}

/** The text, for whoever may read texts; nothing is asked for, and nothing goes on record, before that is known. */
function Reveal(text: { readonly event: string; readonly slot: string }) {
  const { data: session, error, refetch } = useQuery(queries.session())
  if (error !== null) return <ErrorState what="session" error={error} onRetry={() => void refetch()} />
  if (session === undefined) return <Loading what="the text" />
  const obstacle = roleObstacle(session, 'analyst')
  return obstacle === undefined ? (
    <TextWindow {...text} />
  ) : (
    <p className="hatched rounded-md border border-dashed border-strong px-3 py-2 text-soft">
      Captured, and not shown: {obstacle}.
    </p>
  )
}

function TextWindow({ event, slot }: { readonly event: string; readonly slot: string }) {
  const [offset, setOffset] = useState(0)
  const { data, error, refetch } = useQuery({
    ...queries.content(event, slot, { offset, limit: WINDOW_CHARACTERS }),
    placeholderData: keepPreviousData,
  })
  if (error !== null) return <ErrorState what="content" error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Loading what="the text" />
  const end = data.offset + data.text.length
  const isWhole = data.offset === 0 && data.nextOffset === undefined
  return (
    <>
      {data.text === '' ? (
        <p className="note">Captured, and empty: zero characters.</p>
      ) : (
        <Untrusted text={data.text} as="block" />
      )}
      <p className="flex flex-wrap items-center gap-2 text-faint">
        {isWhole
          ? `${formatCount(data.characters)} of ${formatCount(data.characters)} characters`
          : `characters ${formatCount(data.offset + 1)} to ${formatCount(end)} of ${formatCount(data.characters)}`}
        {data.offset > 0 && (
          <button
            type="button"
            className="button"
            onClick={() => setOffset(Math.max(0, data.offset - WINDOW_CHARACTERS))}
          >
            Previous window
          </button>
        )}
        {data.nextOffset !== undefined && (
          <button type="button" className="button" onClick={() => setOffset(data.nextOffset ?? 0)}>
            Next window
          </button>
        )}
        <CopyButton text={inertCopy(data.text)} label="the text as shown">
          Copy as shown
        </CopyButton>
      </p>
    </>
  )
}
