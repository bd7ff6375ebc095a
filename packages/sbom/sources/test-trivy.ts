import { packageOf, qs } from './test-scanners.ts';

/**
 * `fixtures/trivy-*.json` is what trivy of that version answered to `trivySource` when it was asked about these, cut to what may be of
 * interest, with a made-up database. That has advisories of qs, written, early, lodash (a probe), jaraco.context, Newtonsoft.Json and the
 * standard library of Go, and in AlmaLinux 9 of openssl before 1:3.0.1-41.el9 and of dbus before 1:1.12.20-7.el9.
 */
export const asked = [
  qs,
  packageOf('pkg:npm/written@v1.0.0', 'npm', 'written', 'v1.0.0'),
  packageOf('pkg:npm/early@1.0.0-rc.1', 'npm', 'early', '1.0.0-rc.1'),
  packageOf('pkg:npm/clean@1.0.0', 'npm', 'clean', '1.0.0'),
  packageOf('pkg:pypi/jaraco-context@5.3.0', 'PyPI', 'jaraco-context', '5.3.0'),
  packageOf('pkg:nuget/Newtonsoft.Json@12.0.1', 'NuGet', 'Newtonsoft.Json', '12.0.1'),
  packageOf('pkg:golang/stdlib@go1.21.0', 'Go', 'stdlib', '1.21.0'),
  packageOf('pkg:hex/plug@1.0.0', 'Hex', 'plug', '1.0.0'),
  packageOf(
    'pkg:rpm/almalinux/openssl@3.0.7-24.el9?distro=almalinux-9',
    'AlmaLinux:9',
    'openssl',
    '1:3.0.7-24.el9',
  ),
  packageOf(
    'pkg:rpm/almalinux/dbus@1.12.20-5.el9?distro=almalinux-9',
    'AlmaLinux:9',
    'dbus',
    '1:1.12.20-5.el9',
  ),
];
