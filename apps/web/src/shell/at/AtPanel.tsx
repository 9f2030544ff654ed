import { formatRfc3339, parseInstant, parseUnixNano, type ParsedInstant, type UnixNano } from '@holdfast/model'
import { useState, type RefObject } from 'react'
import { Dialog, Popover } from 'react-aria-components'
import { PAGE_WORDS } from './page-time.ts'
import type { At } from './use-at.ts'
import { ZoneChoice } from './ZoneChoice.tsx'

type AtPanelProps = {
  readonly at: At
  readonly anchor: RefObject<HTMLButtonElement | null>
  readonly onClose: () => void
}

/** Goes to an instant: typed or pasted in any form, echoed as it was understood before it is gone to. */
export function AtPanel({ at, anchor, onClose }: AtPanelProps) {
  const [text, setText] = useState(at.at ?? '')
  const parsed = text.trim() === '' ? undefined : parseInstant(text, { now: wallClock() })
  const go = (instant: UnixNano): void => {
    at.set({ at: formatRfc3339(instant), by: at.by })
    onClose()
  }
  return (
    <Popover
      isOpen
      triggerRef={anchor}
      placement="bottom end"
      onOpenChange={onClose}
      className="panel w-96 max-w-[95vw] bg-raised p-4 shadow-lg"
    >
      <Dialog aria-label="Go to an instant" className="flex flex-col gap-3 outline-none">
        <form
          className="flex flex-col gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            if (parsed?.status === 'ok') go(parsed.at)
          }}
        >
          <label htmlFor="at-text" className="flex flex-col gap-1 font-medium">
            Show the workspace as of
            <input
              id="at-text"
              // oxlint-disable-next-line jsx-a11y/no-autofocus -- the panel was asked for, to type into
              autoFocus
              className="field"
              value={text}
              placeholder="2026-11-21T14:32:00Z, 14:32Z, an epoch, 2h ago"
              onChange={({ target }) => setText(target.value)}
            />
          </label>
          <Understood parsed={parsed} onUse={setText} />
          <div className="flex gap-2">
            <button type="submit" className="button button-primary" disabled={parsed?.status !== 'ok'}>
              Go there
            </button>
            <button
              type="button"
              className="button"
              disabled={at.at === undefined}
              onClick={() => {
                at.set({ at: undefined, by: undefined })
                onClose()
              }}
            >
              Back to now
            </button>
          </div>
        </form>
        <fieldset className="flex flex-col gap-1">
          <legend className="eyebrow mb-1">Which clock</legend>
          <label className="flex items-baseline gap-2">
            <input
              type="radio"
              name="clock"
              checked={at.by === undefined}
              onChange={() => at.set({ at: at.at, by: undefined })}
            />
            Happened by then: what had begun, as its sources claim
          </label>
          <label className="flex items-baseline gap-2">
            <input
              type="radio"
              name="clock"
              checked={at.by === 'known'}
              onChange={() => at.set({ at: at.at, by: 'known' })}
            />
            Known by then: what the log had received
          </label>
        </fieldset>
        <p className="text-faint">{PAGE_WORDS[at.page]}.</p>
        <ZoneChoice />
      </Dialog>
    </Popover>
  )
}

type UnderstoodProps = { readonly parsed: ParsedInstant | undefined; readonly onUse: (text: string) => void }

function Understood({ parsed, onUse }: UnderstoodProps) {
  return (
    <output className="min-h-5">
      {parsed?.status === 'ok' && <span className="text-soft">understood as {parsed.understood}</span>}
      {parsed?.status === 'bad' && <span className="text-bad">{parsed.reason}</span>}
      {parsed?.status === 'needs-zone' && (
        <span className="text-warn">
          {parsed.reason}{' '}
          <button type="button" className="link" onClick={() => onUse(parsed.inUtc)}>
            it is UTC
          </button>
        </span>
      )}
    </output>
  )
}

function wallClock(): UnixNano {
  const now = parseUnixNano(BigInt(Date.now()) * 1_000_000n)
  if (now === undefined) throw new Error('the clock of this browser is before 1970 or after 2554')
  return now
}
