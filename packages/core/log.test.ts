import { execFileSync } from 'node:child_process';
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

test('a group is written at once, and neither its title nor its lines open or close another', () => {
  const script = `import { runnerLog } from '${new URL('./log.ts', import.meta.url)}';
    runnerLog().group('web\\n::error::x 100%', ['+1 s waiting', '::endgroup::']);`;
  const args = ['--input-type=module', '--eval', script];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe(
    '::group::web%0A::error::x 100%25\n+1 s waiting\n: :endgroup::\n::endgroup::\n',
  );
});

test('a warning or an error stands at its line of a file, whatever that is called', () => {
  const script = `import { runnerLog } from '${new URL('./log.ts', import.meta.url)}';
    runnerLog().error('expired', { file: 'a.yml', line: 3 });
    runnerLog().warning('unused', { file: 'a,line=9::b\\n.yml' });
    runnerLog().warning('no place');`;
  const args = ['--input-type=module', '--eval', script];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe(
    '::error file=a.yml,line=3::expired\n::warning file=a%2Cline=9%3A%3Ab%0A.yml::unused\n::warning::no place\n',
  );
});
