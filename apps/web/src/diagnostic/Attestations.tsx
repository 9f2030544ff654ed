import type { AttestationWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Proof } from '../inventory/Proof.tsx'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { useNow } from '../time/use-now.ts'
import { formatCount, plural } from '../ui/format.ts'
import { ErrorState, Loading } from '../ui/States.tsx'
import { diagnosticQueries } from './queries.ts'
import { Streams } from './Streams.tsx'

/** One signed statement a day; the chosen day, today unless told, with its streams. */
export function Attestations({ day }: { readonly day: string | undefined }) {
  const today = new Date(useNow()).toISOString().slice(0, 10)
  const { data, error, refetch } = useQuery(diagnosticQueries.attestations())
  return (
    <section aria-label="Attestations" className="panel flex flex-col gap-3 p-4">
      <h2 className="text-lg font-semibold">Daily attestations</h2>
      <p className="text-soft">
        One signed statement a day says what was covered. A stream that was heard before and sent nothing is silent, and
        never whole.
      </p>
      {error !== null && <ErrorState what="attestations" error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading what="the attestations" />}
      {data !== undefined && (
        <nav aria-label="Days" className="flex flex-wrap gap-1">
          <Day day={today} isShown={(day ?? today) === today} look="badge-info" title="not over: nothing is signed yet">
            {today} · so far
          </Day>
          {data.items.map((one) => (
            <Day
              key={one.day}
              day={one.day}
              isShown={day === one.day}
              look={one.withGaps === 0 ? 'badge-good' : 'badge-warn'}
              title={`${plural(one.streams, 'stream')}, ${one.withGaps} not whole; signed as log entry ${one.entry}`}
            >
              {one.withGaps === 0 ? '✓' : '◐'} {one.day}
              {one.withGaps > 0 && ` · ${one.withGaps}`}
            </Day>
          ))}
          {data.missing.map((missing) => (
            <span key={missing} className="badge badge-bad" title="there is no statement of this day">
              ✕ {missing}
            </span>
          ))}
        </nav>
      )}
      <Statement day={day ?? today} />
    </section>
  )
}

type DayProps = {
  readonly day: string
  readonly isShown: boolean
  readonly look: string
  readonly title: string
  readonly children: React.ReactNode
}

function Day({ day, isShown, look, title, children }: DayProps) {
  return (
    <Link
      to={paths.diagnostic}
      search={(before) => ({ ...before, day })}
      className={`badge ${look} ${isShown ? 'ring-2 ring-accent' : ''}`}
      title={title}
      aria-current={isShown ? 'true' : undefined}
      resetScroll={false}
    >
      {children}
    </Link>
  )
}

function Statement({ day }: { readonly day: string }) {
  const { data, error } = useQuery(diagnosticQueries.attestation(day))
  if (error !== null) return <ErrorState what="statement" error={error} />
  if (data === undefined) return <Loading what="the statement" />
  if (data === null) return <p className="text-faint">There is no statement of {day}.</p>
  return <Shown statement={data} />
}

function Shown({ statement }: { readonly statement: AttestationWire }) {
  const { day, entries, checkpoint, away, gaps, lateGaps, streams, note, entry, streamsLeftOut } = statement
  return (
    <div className="flex flex-col gap-3">
      <p className="text-soft">
        {day}: log entries {formatCount(entries.from)} to {formatCount(entries.to)}, in a log of{' '}
        {formatCount(checkpoint.size)}. {note === undefined ? 'The day is not over, so nothing is signed.' : 'Signed.'}{' '}
        {entry !== undefined && <Proof entries={[entry]} />}{' '}
        {note !== undefined && (
          <a
            className="link"
            download={`${day}.note`}
            href={`data:text/plain;charset=utf-8,${encodeURIComponent(note)}`}
          >
            Save the note
          </a>
        )}
      </p>
      {away.map(({ from, to, reason }) => (
        <p key={from} className="note note-warn">
          Nothing was recorded from <Time at={from} /> to <Time at={to} />: {reason}.
        </p>
      ))}
      {[...gaps, ...lateGaps].map((gap) => (
        <p key={gap.entry} className="note note-warn flex flex-wrap gap-x-2">
          <span>
            <Untrusted text={`${gap.channel}: ${gap.reason}`} />, <Time at={gap.from} /> to <Time at={gap.to} />
          </span>
          <Proof entries={[gap.entry]} />
        </p>
      ))}
      {streams.length === 0 ? (
        <p className="text-faint">No stream was heard on this day, and none was waited for.</p>
      ) : (
        <Streams streams={streams} />
      )}
      {streamsLeftOut > 0 && <p className="text-faint">{plural(streamsLeftOut, 'more stream')} are counted only.</p>}
    </div>
  )
}
