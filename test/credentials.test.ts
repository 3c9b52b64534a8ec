/** Which defaults are credentials. The keys here are made up. */
import { describe, expect, it } from 'vitest';
import { isCredential } from '../src/secrets/credential.ts';

describe('isCredential', () => {
  it.each([
    'amqp://guest:guest@rabbit/',
    'redis://:pw@cache:6379/0',
    'https://0123456789abcdef0123456789abcdef@sentry.example/1',
    'Bearer abc.def',
    'Basic Ym9iOnB3',
    'host=db user=bob password=pw dbname=shop',
    'DefaultEndpointsProtocol=https;AccountName=x;AccountKey=abc==;',
    'https://api.example.com/v1?api_key=abc',
    'https://hooks.slack.com/services/T0/B0/x',
    '$2b$12$EixZaYVK1fsbw1ZfbX3OXe',
    'pbkdf2_sha256$260000$salt$hash',
    'django-insecure-8x!kq2',
    'npm_abcdefghijkl',
    'dop_v1_0123456789abcdef',
    '-----BEGIN RSA PRIVATE KEY-----',
    'fallback,sk-abcdefghijkl',
    'nq3Zb_7Lr2Xk-9Wm4Tn6Vc1Yd3Ph5Gf8Js0Ra2Bt4=',
    '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
  ])('%s is one', (value) => expect(isCredential('X', value)).toBe(true));

  it.each([
    'INFO',
    'claude-3-5-sonnet-20241022',
    'sentence-transformers/all-MiniLM-L6-v2',
    'Meta-Llama-3-70B-Instruct-Turbo-Free',
    'https://api.example.com/v1',
    'http://localhost:3000,http://localhost:5173',
    'sqlite:///./shop.db',
    'us-east-1',
    'python-jose[cryptography]',
    'client_secret_basic',
    'arn:aws:sns:eu-west-1:123456789012:topic',
    'Content-Type,Authorization,X-Requested-With',
    '',
  ])('%s is none', (value) => expect(isCredential('X', value)).toBe(false));
});
