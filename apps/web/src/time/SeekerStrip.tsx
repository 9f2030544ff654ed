import type { StripWire } from '@holdfast/api'
import { formatRfc3339, parseUnixNanoText } from '@holdfast/model'
import { useIsFetching, useQuery } from '@tanstack/react-query'
import type { Sight } from '../data/conversation-queries.ts'
import { queries } from '../data/queries.ts'
import { useKey } from '../shell/use-key.ts'
import type { TimeSearch } from '../search-params.ts'
import { formatCount, plural } from '../ui/format.ts'
import { Icon } from '../ui/Icon.tsx'
import { ErrorState } from '../ui/States.tsx'
import { Bookmarks } from './Bookmarks.tsx'
import { StripTrack } from './StripTrack.tsx'
import { placeOf, stepAt, stepNear } from './strip-scale.ts'
import { Time } from './Time.tsx'
import { parseWireTime } from './time.ts'
import { usePlayback } from './use-playback.ts'

type SeekerStripProps = {
  readonly conversation: string
  /** Which others are shown with it. */
  readonly together: Sight['with']
  /** The instant that is shown and by which clock; now without. */
  readonly time: TimeSearch
  readonly onTime: (time: TimeSearch) => void
  /** Steps and plays by keys: where it is what the page is about. */
  readonly hasKeys?: boolean
}

/** The time of what is shown: to any moment of it by hand, step by step, or played; with what else was then. */
export function SeekerStrip({ conversation, together, time, onTime, hasKeys = true }: SeekerStripProps) {
  const { by } = time
  const asked = { ...(together === undefined ? {} : { with: together }), ...(by === undefined ? {} : { by }) }
  const { data: strip, error, refetch } = useQuery(queries.strip(conversation, asked))
  if (error !== null) return <ErrorState what="time" error={error} onRetry={() => void refetch()} />
  if (strip === undefined || strip.steps.length === 0) return null
  return <Seeker strip={strip} conversation={conversation} time={time} onTime={onTime} hasKeys={hasKeys} />
}

type SeekerProps = Omit<SeekerStripProps, 'together' | 'hasKeys'> & { readonly hasKeys: boolean } & {
  readonly strip: StripWire
}

function Seeker({ strip, conversation, time, onTime, hasKeys }: SeekerProps) {
  const { steps, stepsTotal, counts } = strip
  const instant = time.at === undefined ? undefined : parseWireTime(time.at)
  const index = stepAt(steps, instant)
  const isBusy = useIsFetching({ queryKey: ['drawn', conversation] }) > 0
  // The last step is the present: what comes next is then shown as it comes.
  const goTo = (next: number): void => {
    const at = next >= steps.length - 1 ? undefined : parseUnixNanoText(steps[Math.max(0, next)] ?? '')
    onTime({ at: at === undefined ? undefined : formatRfc3339(at), by: time.by })
  }
  const { isPlaying, toggle, stop } = usePlayback({ steps: steps.length, index, isBusy, onStep: goTo })
  const byHand = (next: number): void => {
    stop()
    goTo(next)
  }
  useKey('stepBack', () => byHand(index - 1), hasKeys)
  useKey('stepForward', () => byHand(index + 1), hasKeys)
  useKey('play', toggle, hasKeys)
  const place = instant === undefined ? 1 : placeOf(instant, strip)
  return (
    <section
      aria-label="Time"
      className="flex flex-col gap-1 border-b border-line bg-surface px-4 py-1.5 in-[.panel]:-mx-3"
    >
      <div className="flex items-center gap-1">
        <StripButton icon="previous" name="Step back" disabled={index <= 0} onPress={() => byHand(index - 1)} />
        <StripButton icon={isPlaying ? 'pause' : 'play'} name={isPlaying ? 'Pause' : 'Play'} onPress={toggle} />
        <StripButton
          icon="next"
          name="Step forward"
          disabled={index >= steps.length - 1}
          onPress={() => byHand(index + 1)}
        />
        <StripTrack
          strip={strip}
          place={place}
          words={instant === undefined ? 'now: everything that is recorded' : (time.at ?? '')}
          onSeek={(to) => byHand(stepNear(steps, to, strip))}
          onStep={(way) => byHand(index + way)}
          onEnd={(end) => byHand(end === 'first' ? 0 : steps.length - 1)}
        />
        <Bookmarks conversation={conversation} strip={strip} time={time} onTime={onTime} />
      </div>
      <p className="flex flex-wrap items-baseline gap-x-3 text-xs text-faint">
        <span>
          {instant === undefined ? (
            <>now: all of it</>
          ) : (
            <>
              as of <Time at={time.at ?? ''} form="exact" />
            </>
          )}
          , step {formatCount(index + 1)} of {formatCount(steps.length)}
          {stepsTotal > steps.length && ` (of ${formatCount(stepsTotal)} instants, evenly thinned)`}
        </span>
        <span>
          <Time at={strip.from} /> to <Time at={strip.to} />, {time.by === 'known' ? 'as recorded' : 'as claimed'};{' '}
          {plural(
            counts.reduce((sum, count) => sum + count, 0),
            'event',
          )}
        </span>
        {instant !== undefined && <span>counts and evidence above are of now</span>}
        {strip.marksTotal > strip.marks.length && (
          <span className="text-warn">
            {formatCount(strip.marks.length)} of {formatCount(strip.marksTotal)} marks shown
          </span>
        )}
        {strip.untold.map((what) => (
          <span key={what} className="text-warn">
            no marks of {what}
          </span>
        ))}
      </p>
    </section>
  )
}

type StripButtonProps = {
  readonly icon: 'previous' | 'next' | 'play' | 'pause'
  readonly name: string
  readonly disabled?: boolean
  readonly onPress: () => void
}

function StripButton({ icon, name, disabled = false, onPress }: StripButtonProps) {
  return (
    <button
      type="button"
      className="button button-quiet"
      aria-label={name}
      title={name}
      disabled={disabled}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  )
}
