import { Untrusted } from '../text/Untrusted.tsx'
import type { ActState } from './use-act.ts'

/** How an act ended, in the server's own words where it refused. */
export function Said({ state }: { readonly state: ActState }) {
  return (
    <output className={state.status === 'refused' ? 'text-bad' : 'text-faint'}>
      {state.status === 'done' && state.what}
      {state.status === 'refused' && <Untrusted text={state.why} />}
    </output>
  )
}
