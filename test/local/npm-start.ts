import { execFile } from 'node:child_process';

/** Runs the command as `npm start -- …` does, on the Node.js of this test. */
export function npmStart(...options: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const args = ['--import', 'tsx', 'local/main.ts', ...options];
    execFile(process.execPath, args, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
