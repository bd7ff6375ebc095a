import { expect, test } from 'vitest';
import { readContext } from './context.ts';

test('github.com is the default', () => {
  expect(readContext({})).toMatchObject({
    serverUrl: 'https://github.com',
    apiUrl: 'https://api.github.com',
    graphqlUrl: 'https://api.github.com/graphql',
    runAttempt: 1,
    repository: '',
  });
});

test('an Enterprise Server has its own addresses', () => {
  const env = { GITHUB_SERVER_URL: 'https://ghe.example/', GITHUB_API_URL: 'https://ghe.example/api/v3' };
  expect(readContext(env)).toMatchObject({
    serverUrl: 'https://ghe.example',
    apiUrl: 'https://ghe.example/api/v3',
    graphqlUrl: 'https://ghe.example/api/graphql',
  });
});

test.each([
  ['GITHUB_API_URL', 'file:///etc/passwd'],
  ['GITHUB_REPOSITORY', '../x'],
  ['GITHUB_RUN_ID', 'one'],
])('%s=%s is refused with its name', (name, value) => {
  expect(() => readContext({ [name]: value })).toThrow(name);
});
