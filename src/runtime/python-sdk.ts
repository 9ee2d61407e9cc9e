import { access } from "node:fs/promises";
import { dirname, join } from "node:path";

interface Python {
  readonly path: string;
  readonly version: readonly [major: number, minor: number];
}

/**
 * The folder of packages in which a Python finds boto3 by itself; else that of another Python of this machine, the newest
 * first. AWS brings boto3 to every function, and it is the same files for every version.
 */
export async function findPythonSdk(
  own: Python,
  others: readonly Python[],
  home: string,
): Promise<{ readonly directory: string; readonly isOwn: boolean } | undefined> {
  const newestFirst = others.toSorted((a, b) => b.version[0] - a.version[0] || b.version[1] - a.version[1]);
  for (const python of [own, ...newestFirst]) {
    for (const directory of packageFolders(python, home)) {
      if (await isThere(join(directory, "boto3/__init__.py"))) return { directory, isOwn: python === own };
    }
  }
  return undefined;
}

/** Where a Python looks for installed packages, without asking it: that would cost the first function 50 ms for each. */
function packageFolders({ path, version }: Python, home: string): readonly string[] {
  const prefix = dirname(dirname(path));
  const library = `lib/python${version[0]}.${version[1]}`;
  return [
    join(prefix, library, "site-packages"),
    ...(home ? [join(home, ".local", library, "site-packages")] : []),
    // Debian keeps packages of its own Python here.
    ...(prefix === "/usr" ? [join("/usr/local", library, "dist-packages"), "/usr/lib/python3/dist-packages"] : []),
  ];
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
