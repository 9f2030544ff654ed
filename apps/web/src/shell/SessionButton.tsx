import { Icon } from '../ui/Icon.tsx'

/** Opens who is signed in here, and the way out. */
export function SessionButton({ onOpen }: { readonly onOpen: () => void }) {
  return (
    <button
      type="button"
      className="button button-quiet max-sm:hidden xl:max-[90rem]:hidden"
      aria-label="Session"
      onClick={onOpen}
    >
      <Icon name="identity" />
    </button>
  )
}
