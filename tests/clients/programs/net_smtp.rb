# Sends a message for each line of standard input and prints what Net::SMTP raised.
require "json"
require "net/smtp"

def texts(error)
  {
    inspected: error.inspect,
    logged: "E, [2026-11-25T06:07:08 #1] ERROR -- : #{error.class}: #{error.message}",
    shown: "#{error.class} (#{error.message})",
    full: error.full_message(highlight: false),
  }
end

def send(job)
  arguments = ["client.example.org"]
  arguments += ["anna", "secret", :plain] if job["login"]
  Net::SMTP.start("127.0.0.1", job["port"], *arguments) do |smtp|
    smtp.send_message("Subject: x\r\n\r\nx\r\n", job["from"], *job["to"])
  end
  {}
rescue Net::ProtocolError, Net::SMTPError => error
  texts(error)
end

$stdin.each_line do |line|
  job = JSON.parse(line)
  puts JSON.generate({ name: job["name"], texts: send(job) })
end
