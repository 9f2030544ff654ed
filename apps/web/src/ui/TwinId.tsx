import { Untrusted } from '../text/Untrusted.tsx'

type TwinIdProps = { readonly agent: string; readonly name: string; readonly twins: ReadonlySet<string> }

/** The id of an agent below its name, where another of the list has the same name (`twinsOf`). */
export function TwinId({ agent, name, twins }: TwinIdProps) {
  return twins.has(name) ? <Untrusted text={agent} className="mono block text-sm text-faint" /> : null
}
