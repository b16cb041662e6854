<?php
// Sends a message for each line of standard input and prints what PHPMailer threw and showed.
require $argv[1];

use PHPMailer\PHPMailer\Exception;
use PHPMailer\PHPMailer\PHPMailer;

function texts(array $job): array
{
    $shown = '';
    $mail = new PHPMailer(true);
    $mail->isSMTP();
    $mail->CharSet = 'UTF-8';
    $mail->Host = '127.0.0.1';
    $mail->Port = $job['port'];
    $mail->Helo = 'client.example.org';
    $mail->SMTPAutoTLS = false;
    $mail->SMTPDebug = 2;
    $mail->Debugoutput = function ($text) use (&$shown) {
        $shown .= '2026-11-25 06:07:08 ' . trim($text) . "\n";
    };
    if ($job['login']) {
        $mail->SMTPAuth = true;
        $mail->Username = 'anna';
        $mail->Password = 'secret';
    }
    try {
        $mail->setFrom($job['from']);
        array_map([$mail, 'addAddress'], $job['to']);
        $mail->Subject = $mail->Body = 'x';
        $mail->send();
        return [];
    } catch (Exception $error) {
        return [
            'message' => $error->getMessage(),
            'info' => $mail->ErrorInfo,
            'shown' => 'Mailer Error: ' . $mail->ErrorInfo,
            'string' => (string) $error,
            'debug' => $shown,
        ];
    }
}

while (($line = fgets(STDIN)) !== false) {
    $job = json_decode($line, true);
    $flags = JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR;
    echo json_encode(['name' => $job['name'], 'texts' => (object) texts($job)], $flags), "\n";
}
