<?php
// Sends a message for each line of standard input and prints what Symfony's mailer threw.
require $argv[1];

use Symfony\Component\Mailer\Exception\TransportExceptionInterface;
use Symfony\Component\Mailer\Transport\Smtp\EsmtpTransport;
use Symfony\Component\Mime\Email;

function texts(array $job): array
{
    $transport = new EsmtpTransport('127.0.0.1', $job['port'], false);
    $transport->setLocalDomain('client.example.org');
    if ($job['login']) {
        $transport->setUsername('anna')->setPassword('secret');
    }
    $email = (new Email())->from($job['from'])->to(...$job['to'])->subject('x')->text('x');
    try {
        $transport->send($email);
        return [];
    } catch (TransportExceptionInterface $error) {
        return [
            'message' => $error->getMessage(),
            'string' => (string) $error,
            'logged' => '[2026-11-25T06:07:08.123456+00:00] app.ERROR: ' . $error->getMessage() . ' [] []',
            'debug' => $error->getDebug(),
        ];
    }
}

while (($line = fgets(STDIN)) !== false) {
    $job = json_decode($line, true);
    $flags = JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR;
    echo json_encode(['name' => $job['name'], 'texts' => (object) texts($job)], $flags), "\n";
}
