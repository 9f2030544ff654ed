import { holdByStanding, holdByWords, type StandingWire } from '@holdfast/api'
import { personWords } from '../text/person.ts'
import { Time } from '../time/Time.tsx'
import { millisBetween } from '../time/time.ts'
import { useNow } from '../time/use-now.ts'
import { formatDuration, plural } from '../ui/format.ts'

const REVERSIBLE = {
  yes: 'it can be undone',
  no: 'it cannot be undone',
  unknown: 'whether it can be undone is not known: taken as lasting',
} as const

/** Time to classification, and how fast harm comes. */
export function Clocks({ standing }: { readonly standing: Pick<StandingWire, 'clocks' | 'harm'> }) {
  const { clocks } = standing
  return (
    <section aria-label="Clocks" className="grid grid-cols-[2fr_3fr] gap-2">
      <Classification found={clocks.classification} />
      <Pace standing={standing} />
    </section>
  )
}

function Classification({ found }: { readonly found: StandingWire['clocks']['classification'] }) {
  const now = useNow()
  if (found === undefined)
    return <Face label="Time to type" value="not known" words="nothing says when it was found" look="" />
  const { from, until, withinMs } = found
  const ms = millisBetween(from, until ?? `${BigInt(now) * 1_000_000n}`)
  const isLate = withinMs !== undefined && ms > withinMs
  return (
    <Face
      label="Time to type"
      value={formatDuration(Math.max(0, ms))}
      look={until === undefined ? (isLate ? 'text-bad' : 'text-warn') : 'text-good'}
      words={
        until === undefined
          ? `no person has named it${withinMs === undefined ? '' : `; ${formatDuration(withinMs)} allowed`}`
          : `named by ${found.by === undefined ? 'a person' : personWords(found.by)}`
      }
    />
  )
}

function Pace({ standing }: { readonly standing: Pick<StandingWire, 'clocks' | 'harm'> }) {
  const { acts, isLeast, first, last, speed, reversible, clock, holdBy } = standing.clocks.harm
  const stands = holdByStanding(standing, useNow())
  const lastedMs = first === undefined || last === undefined ? 0 : millisBetween(first, last)
  return (
    <Face
      label="Speed of harm"
      value={`${isLeast === true ? 'at least ' : ''}${plural(acts, 'act')}${acts < 2 ? '' : ` in ${formatDuration(lastedMs)}`}`}
      look={speed.value === 'fast' ? 'text-bad' : speed.value === 'slow' ? '' : 'text-warn'}
      words={`${speed.value === 'unknown' ? 'pace not known' : speed.value}; ${REVERSIBLE[reversible.value]}; clock ${clock}`}
    >
      {holdBy !== undefined && (
        <span className="text-xs text-faint">
          hold by <Time at={holdBy} form="clock" />
          {stands !== undefined && (
            <span className={stands.kind === 'missed' || stands.kind === 'late' ? 'text-bad' : ''}>
              , {holdByWords(stands)}
            </span>
          )}
        </span>
      )}
    </Face>
  )
}

type FaceProps = {
  readonly label: string
  readonly value: string
  readonly words: string
  readonly look: string
  readonly children?: React.ReactNode
}

function Face({ label, value, words, look, children }: FaceProps) {
  return (
    <div className="flex min-w-0 flex-col rounded-md border border-line bg-raised px-2 py-1">
      <span className="eyebrow">{label}</span>
      <span className={`tabular text-base leading-5 font-semibold whitespace-normal ${look}`}>{value}</span>
      <span className="text-xs text-soft">{words}</span>
      {children}
    </div>
  )
}
