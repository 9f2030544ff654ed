import { type ReactNode, useId, useState } from 'react'
import { localZone, parseZone, type Zone } from '../../time/zone.ts'
import { useZoneOfAddress } from './use-zone-of-address.ts'

/** In which zone times are shown: UTC, that of this browser, or that of a case, by its name. */
export function ZoneChoice() {
  const { zone, set } = useZoneOfAddress()
  const local = localZone()
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="eyebrow mb-1">Times shown in</legend>
      <Choice isChosen={zone === undefined} onChoose={() => set(undefined)}>
        UTC
      </Choice>
      {local !== undefined && (
        <Choice isChosen={zone === local} onChoose={() => set(local)}>
          {local}, as this browser has it
        </Choice>
      )}
      <OtherZone key={zone} zone={zone} onUse={set} />
    </fieldset>
  )
}

type ChoiceProps = { readonly isChosen: boolean; readonly onChoose: () => void; readonly children: ReactNode }

function Choice({ isChosen, onChoose, children }: ChoiceProps) {
  return (
    <label className="flex items-baseline gap-2">
      <input type="radio" name="zone" checked={isChosen} onChange={onChoose} />
      <span>{children}</span>
    </label>
  )
}

function OtherZone({ zone, onUse }: { readonly zone: Zone; readonly onUse: (zone: Zone) => void }) {
  const [text, setText] = useState(zone ?? '')
  const id = useId()
  const found = parseZone(text)
  const isUnknown = text.trim() !== '' && found === undefined && !/^(?:etc\/)?(?:utc|gmt)$/i.test(text.trim())
  return (
    <form
      className="flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isUnknown) onUse(found)
      }}
    >
      <label htmlFor={`${id}-zone`} className="flex flex-1 items-center gap-2 whitespace-nowrap">
        Zone of the case
        <input
          id={`${id}-zone`}
          className="field min-w-0 flex-1"
          list={`${id}-zones`}
          value={text}
          placeholder="America/New_York"
          onChange={({ target }) => setText(target.value)}
        />
      </label>
      <datalist id={`${id}-zones`}>
        {Intl.supportedValuesOf('timeZone').map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </datalist>
      <button type="submit" className="button" disabled={found === zone}>
        Use it
      </button>
      <output className="w-full text-warn empty:hidden">
        {isUnknown && 'this browser knows no zone of that name'}
      </output>
    </form>
  )
}
