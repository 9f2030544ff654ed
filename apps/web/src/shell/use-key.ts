import { useHotkeys } from 'react-hotkeys-hook'
import { KEYS, type KeyBinding, type KeyName } from './keys.ts'
import { usePreference } from './preferences.ts'

/** Binds one row of the keyboard table while the component is shown. */
export function useKey(name: KeyName, act: () => void, isEnabled = true): void {
  const { keys, single }: KeyBinding = KEYS[name]
  const [singleKeys] = usePreference('keys')
  const isSign = keys.length === 1 && !/[a-z]/.test(keys)
  useHotkeys(keys, act, {
    enabled: isEnabled && (!single || singleKeys !== 'off'),
    preventDefault: true,
    ignoreEventWhen: (event) => isInDialog(event) || (keys === 'space' && isPressed(event)),
    // Signs stand on other keys, and behind Shift, on other keyboards: what they produce counts.
    ...(isSign ? { useKey: true, ignoreModifiers: true } : {}),
  })
}

/** Space presses a button, opens a link of a list, checks a box: where it has a meaning already it keeps it. */
function isPressed({ target }: KeyboardEvent): boolean {
  return (
    target instanceof Element &&
    target.closest('button, a, summary, label, [role=row], [role=menuitem], [role=option], .react-flow__node') !== null
  )
}

/**
 * What is typed into a dialog is its own. The palette hands its keys on to the row that it marks, which is no text field:
 * without this the letters of a search would open, copy and go.
 */
function isInDialog({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.closest('[role=dialog]') !== null
}
