// What the newsletter imports: in a real system this reaches out of the process.
export function archive(id: string, text: string): Promise<void> {
  return Promise.reject(new Error(`No archive in an example: ${id}, ${text.length} characters.`));
}

export function sendMail(to: string, text: string): Promise<void> {
  return Promise.reject(new Error(`No mail server in an example: ${to}, ${text.length} characters.`));
}
