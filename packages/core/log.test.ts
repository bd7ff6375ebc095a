import { expect, test } from 'vitest';
import { plainText } from './log.ts';

test.each([
  ['::set-output name=x::y', ': :set-output name=x::y'],
  ['  ::add-mask::x', '  : :add-mask::x'],
  ['\u00a0::error::x', '\u00a0: :error::x'],
  ['fine\r::stop-commands::x', 'fine\n: :stop-commands::x'],
  ['fine\n::error::x', 'fine\n: :error::x'],
  ['text ##[error]x', 'text # #[error]x'],
  ['a::b and ::c::d', 'a::b and ::c::d'],
  [':::x', ': ::x'],
  ['\u001b[2K\u001b[1A::error::x', '\\u001b[2K\\u001b[1A::error::x'],
  ['\u200b::error::x', '\\u200b::error::x'],
  ['\u0085::error::x', '\\u0085::error::x'],
  ['tab\tstays, 👩‍🚀 too', 'tab\tstays, 👩‍🚀 too'],
])('a logged line cannot start a workflow command: %j', (message, wanted) => {
  expect(plainText(message)).toBe(wanted);
});
