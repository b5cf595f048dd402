/** How electron-builder makes packages: of a folder that is filled already, with native TensorFlow beside it. */
import { join } from 'node:path'

/** Ending of the files that the app opens by a double click; what moves runs between labs. */
export const fileEnding = 'weightscape'

/**
 * Electron's fuses: nothing can turn the app into a Node, or have it load another app. Cookies are encrypted, pages
 * read no files, and macOS checks the archive.
 */
export const fuses = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
}

/** What is loaded by the system's linker, which knows no archives. */
export const unpacked = ['**/*.{node,so,dylib}', '**/*.so.*', 'node_modules/@tensorflow/tfjs-node-gpu/**']

/**
 * The app's own package.json; Electron and electron-builder read no other.
 * @param {{ version: string, description: string, license: string }} project
 */
export const appManifest = ({ version, description, license }) => ({
  name: 'weightscape',
  productName: 'Weightscape',
  version,
  description,
  license,
  type: 'module',
  main: 'out/main/main.js',
  author: 'The Weightscape authors',
  homepage: 'https://arxiv.org/abs/1905.02898', // a .deb must have one: the method's
})

/**
 * The configuration, for a file.
 * @param {{ root: string, app: string, output: string, tensorflow: string, electronVersion: string }} places `app`: the filled
 *   folder; `tensorflow`: set-up's folder of the library
 * @param {NodeJS.ProcessEnv} env CSC_LINK or CSC_NAME: a certificate of Apple's; APPLE_API_KEY or APPLE_ID: to have it notarized;
 *   ELECTRON_OVERRIDE_DIST_PATH: a folder that holds Electron already
 */
export function builderConfig({ root, app, output, tensorflow, electronVersion }, env) {
  const signs = Boolean(env['CSC_LINK'] || env['CSC_NAME'])
  const dist = env['ELECTRON_OVERRIDE_DIST_PATH']
  return {
    appId: 'lab.weightscape.app',
    directories: { app, output, buildResources: join(root, 'resources') },
    electronVersion,
    ...(dist ? { electronDist: dist } : {}),
    // Its answer says that the folder holds its packages already.
    beforeBuild: join(root, 'scripts', 'package', 'packages-stand.cjs'),
    // electron-builder passes over what is called node_modules, wherever the walk did not begin there.
    files: ['**/*', { from: 'node_modules', to: 'node_modules', filter: ['**/*'] }],
    asarUnpack: unpacked,
    extraResources: [
      {
        from: join(tensorflow, 'lib'),
        to: 'app.asar.unpacked/node_modules/@tensorflow/tfjs-node-gpu/deps/lib',
        filter: ['*.so.2', '*.2.dylib'],
      },
    ],
    electronFuses: fuses,
    fileAssociations: [
      {
        ext: fileEnding,
        name: 'Weightscape runs',
        description: 'Runs of Weightscape',
        mimeType: 'application/x-weightscape',
        role: 'Editor',
      },
    ],
    publish: null,
    linux: {
      target: ['AppImage', 'deb'],
      executableName: 'weightscape',
      category: 'Science',
      maintainer: 'The Weightscape authors <weightscape@localhost>',
      icon: join(root, 'resources', 'icon.png'),
    },
    mac: {
      target: ['dmg'],
      category: 'public.app-category.education',
      // Apple's silicon runs nothing that is not signed: without a certificate, by nobody.
      ...(signs ? {} : { identity: '-' }),
      notarize: signs && Boolean(env['APPLE_API_KEY'] || env['APPLE_ID']),
      hardenedRuntime: true,
      entitlements: join(root, 'scripts', 'package', 'entitlements.plist'),
      entitlementsInherit: join(root, 'scripts', 'package', 'entitlements.plist'),
    },
  }
}
