import packageJson from "../../package.json" with { type: "json" };
import { UsageError } from "./options.ts";
import { watchLifeline } from "./stop.ts";

/** The command line. Commands load when they are called, so that `virga help` does not load the platform. */
const [command = "start", ...rest] = process.argv.slice(2);
const code = await main();
// After what was written has gone out; whatever is still open must not hold the process.
process.stdout.write("", () => process.exit(code));

async function main(): Promise<number> {
  const all = [command, ...rest];
  if (all.includes("--version") || command === "version") {
    console.log(packageJson.version);
    return 0;
  }
  if (all.includes("--help") || all.includes("-h") || command === "help") {
    const { helpText } = await import("./help.ts");
    console.log(helpText());
    return 0;
  }
  try {
    watchLifeline();
    if (command === "start" || command.startsWith("-")) {
      const { start } = await import("./start.ts");
      return await start(command === "start" ? rest : all, packageJson.version);
    }
    if (command === "demo") {
      const { demo } = await import("./demo.ts");
      return await demo(rest, packageJson.version);
    }
    throw new UsageError(`There is no command "${command}". There are start, demo and help.`);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`virga: ${error.message}`);
    return 2;
  }
}
