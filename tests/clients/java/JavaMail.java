import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** Sends a message for each line of standard input (name, port, login, from, to, between tabs). */
class JavaMail {
  public static void main(String[] arguments) throws Exception {
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var printed = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line; (line = lines.readLine()) != null; ) {
      String[] job = line.split("\t");
      Map<String, String> told = new LinkedHashMap<>();
      try {
        send(job);
      } catch (MessagingException error) {
        told = texts(error);
      }
      String texts = told.entrySet().stream().map(one -> quoted(one.getKey()) + ":"
          + quoted(one.getValue())).collect(Collectors.joining(","));
      printed.println("{\"name\":" + quoted(job[0]) + ",\"texts\":{" + texts + "}}");
    }
  }

  static void send(String[] job) throws MessagingException {
    Properties properties = new Properties();
    properties.put("mail.smtp.host", "127.0.0.1");
    properties.put("mail.smtp.port", job[1]);
    properties.put("mail.smtp.localhost", "client.example.org");
    properties.put("mail.smtp.auth", job[2]);
    MimeMessage message = new MimeMessage(Session.getInstance(properties));
    message.setFrom(new InternetAddress(job[3]));
    message.setRecipients(Message.RecipientType.TO, InternetAddress.parse(job[4]));
    message.setSubject("x");
    message.setText("x");
    Transport.send(message, "anna", "secret");
  }

  static Map<String, String> texts(MessagingException error) {
    Map<String, String> texts = new LinkedHashMap<>();
    StringWriter trace = new StringWriter();
    error.printStackTrace(new PrintWriter(trace));
    texts.put("string", error.toString());
    texts.put("trace", trace.toString());
    texts.put("logged", "2026-11-25 06:07:08.123 ERROR 1 --- [main] c.e.Mailer : " + error);
    return texts;
  }

  static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char one : text.toCharArray()) {
      json.append(one < ' ' || one == '"' || one == '\\'
          ? String.format("\\u%04x", (int) one) : String.valueOf(one));
    }
    return json.append('"').toString();
  }
}
